-- expect: N001
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DO $$ BEGIN EXECUTE format('ALTER TABLE %I DROP COLUMN %I', 'users', 'nickname'); END $$;
