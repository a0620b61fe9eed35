-- topics: BLT
-- expect: L002
-- file: first
SET LOCAL lock_timeout = '2s';
DO $$ BEGIN EXECUTE 'DELETE FROM ' || 'orders'; END $$;
