-- topics: BLT
-- expect: B002
-- file: first
SET LOCAL lock_timeout = '2s';
DO $$ BEGIN EXECUTE 'DROP INDEX IF EXISTS orders_user_id_idx'; END $$;
