-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE log ADD COLUMN user_id bigint;
-- file: second
SET LOCAL lock_timeout = '2s';
ALTER TABLE log ADD CONSTRAINT log_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
-- file: third
SET LOCAL lock_timeout = '2s';
ALTER TABLE log VALIDATE CONSTRAINT log_user_id_fkey;
