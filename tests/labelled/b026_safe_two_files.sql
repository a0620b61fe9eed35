-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN plan text;
-- file: second
SET LOCAL lock_timeout = '2s';
CREATE TABLE user_copy AS SELECT id, name FROM users;
