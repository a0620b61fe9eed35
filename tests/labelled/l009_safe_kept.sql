-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders RENAME CONSTRAINT orders_user_id_fkey TO orders_user_fkey;
CREATE TABLE visits (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id) ON DELETE CASCADE);
ALTER TABLE log ADD COLUMN user_id bigint REFERENCES users (id) ON DELETE CASCADE;
