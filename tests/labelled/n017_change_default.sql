-- expect: nothing
-- warns: N017
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN status SET DEFAULT 'pending';
