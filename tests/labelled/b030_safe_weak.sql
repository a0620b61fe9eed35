-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
LOCK TABLE users IN ROW EXCLUSIVE MODE;
SELECT pg_advisory_xact_lock(1);
ALTER TABLE users ADD COLUMN IF NOT EXISTS name text;
