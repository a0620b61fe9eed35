-- topics: BLT
-- expect: L001
-- file: first
SET LOCAL lock_timeout = '2s';
DO $$ BEGIN EXECUTE 'TRUNCATE ' || quote_ident('users') || ' CASCADE'; END $$;
