-- topics: BLT
-- expect: B030
-- file: first
SET LOCAL lock_timeout = '2s';
DO $$ BEGIN LOCK TABLE orders IN SHARE MODE; END $$;
