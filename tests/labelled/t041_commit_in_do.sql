-- topics: BLT
-- expect: T041
-- file: first
SET LOCAL lock_timeout = '2s';
DO $$ BEGIN INSERT INTO log VALUES (900001, 'x'); COMMIT; END $$;
