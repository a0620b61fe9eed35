-- topics: BLT
-- expect: B029
-- file: first
SET LOCAL lock_timeout = '2s';
DO $$
DECLARE it record;
BEGIN
    FOR it IN SELECT id FROM users LOOP
        UPDATE users SET note = 'seen' WHERE id = it.id;
    END LOOP;
END $$;
