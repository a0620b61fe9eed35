-- expect: N001, N048
-- topics: NG
-- file: drop
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP COLUMN nickname;
-- file: back
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN nickname text;
