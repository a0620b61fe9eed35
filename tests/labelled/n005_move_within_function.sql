-- expect: N005
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE SCHEMA work;
DO $$ BEGIN EXECUTE 'ALTER TABLE public."log" SET SCHEMA work'; END $$;
