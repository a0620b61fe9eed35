-- topics: BLT
-- expect: B006
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN org_id SET NOT NULL;
