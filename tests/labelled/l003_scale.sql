-- topics: BLT
-- expect: B015, L003
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN balance TYPE numeric(10, 1);
