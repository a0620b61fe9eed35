-- topics: BLT
-- expect: B026
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN plan text;
CREATE TABLE user_copy AS SELECT id, name FROM users;
