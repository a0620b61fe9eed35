-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE TABLE boxes (a integer, b integer, area integer GENERATED ALWAYS AS (a * b) STORED);
