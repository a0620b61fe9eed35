-- topics: BLT
-- expect: L009
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE log ADD CONSTRAINT log_id_fkey FOREIGN KEY (id) REFERENCES users (id) ON DELETE CASCADE NOT VALID;
