-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DO $$ BEGIN
    DROP TABLE log;
    RAISE EXCEPTION 'no';
EXCEPTION WHEN raise_exception THEN NULL;
END $$;
