-- expect: N001
-- file: drop_nickname
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP COLUMN nickname;
