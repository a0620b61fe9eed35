-- topics: BLT
-- expect: B025
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE log ADD CONSTRAINT log_id_fkey FOREIGN KEY (id) REFERENCES users (id) NOT VALID;
ALTER TABLE log VALIDATE CONSTRAINT log_id_fkey;
