-- topics: BLT
-- expect: B004
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE log ADD COLUMN user_id bigint;
-- file: second
SET LOCAL lock_timeout = '2s';
ALTER TABLE log ADD CONSTRAINT log_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id);
