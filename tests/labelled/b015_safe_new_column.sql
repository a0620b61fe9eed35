-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE TABLE amounts (id bigint PRIMARY KEY, total integer);
INSERT INTO amounts VALUES (1, 2);
ALTER TABLE amounts ALTER COLUMN total TYPE bigint;
