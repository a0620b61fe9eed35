-- topics: BLT
-- expect: L010
-- file: first
SET LOCAL lock_timeout = '2s';
DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'log'); END $$;
