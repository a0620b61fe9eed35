-- topics: BLT
-- expect: B006
-- warns: T040
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN nickname SET NOT NULL;
