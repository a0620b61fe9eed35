-- expect: N018
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ALTER COLUMN total TYPE bigint;
