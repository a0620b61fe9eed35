-- topics: BLT
-- expect: B010
-- file: first
SET LOCAL lock_timeout = '2s';
DO $$ BEGIN EXECUTE 'ALTER TABLE log ADD COLUMN seen timestamptz DEFAULT clock_timestamp()'; END $$;
