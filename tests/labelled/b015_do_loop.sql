-- topics: BLT
-- expect: B015
-- file: first
SET LOCAL lock_timeout = '2s';
DO $$
DECLARE it record;
BEGIN
    FOR it IN SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'integer' AND table_name = 'orders' LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE bigint', it.table_name, it.column_name);
    END LOOP;
END $$;
