-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
-- DROP TABLE users;
/* DROP TABLE orders; */
INSERT INTO log VALUES (77, 'DROP TABLE users; DROP TABLE orders');
COMMENT ON TABLE users IS 'not to be used in DROP TABLE users';
CREATE FUNCTION purge() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE users; END $$;
