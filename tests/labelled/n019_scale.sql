-- expect: N019
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN balance TYPE numeric(10, 4);
