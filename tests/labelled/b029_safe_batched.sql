-- topics: BLT
-- expect: nothing
-- file: first
-- atlas:txmode none
DO $$
DECLARE last bigint := 0; top bigint;
BEGIN
    LOOP
        SELECT max(id) INTO top FROM (SELECT id FROM users WHERE id > last ORDER BY id LIMIT 2) batch;
        EXIT WHEN top IS NULL;
        UPDATE users SET note = 'seen' WHERE id > last AND id <= top;
        COMMIT;
        last := top;
    END LOOP;
END $$;
