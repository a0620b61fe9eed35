-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT users_nickname_not_null CHECK (nickname IS NOT NULL) NOT VALID;
-- file: second
SET LOCAL lock_timeout = '2s';
ALTER TABLE users VALIDATE CONSTRAINT users_nickname_not_null;
-- file: third
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN nickname SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_nickname_not_null;
