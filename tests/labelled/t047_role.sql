-- topics: BLT
-- expect: T047
-- file: first
SET LOCAL lock_timeout = '2s';
DO $$ BEGIN EXECUTE 'ALTER ROLE app SET search_path = public'; END $$;
