-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN plan text;
DO $$ BEGIN IF EXISTS (SELECT FROM users WHERE id = 1) THEN INSERT INTO log VALUES (900001, 'one'); END IF; END $$;
