-- expect: N037
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
