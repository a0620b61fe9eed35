-- expect: nothing
-- warns: N020
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN balance TYPE numeric(14, 2);
