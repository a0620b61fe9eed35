-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN balance TYPE numeric(20, 2);
