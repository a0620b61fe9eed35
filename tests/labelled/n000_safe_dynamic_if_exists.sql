-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'tmp\_%' LOOP
        EXECUTE format('DROP TABLE %I', name);
    END LOOP;
    IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'gone') THEN
        ALTER TABLE users DROP COLUMN gone;
    END IF;
END $$;
