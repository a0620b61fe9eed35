-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN nickname SET DEFAULT '', ALTER COLUMN status SET DEFAULT 'active';
