-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE TABLE stays (id bigint PRIMARY KEY, during daterange, EXCLUDE USING gist (during WITH &&));
