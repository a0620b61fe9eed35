-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE log ADD COLUMN user_id bigint REFERENCES users (id);
