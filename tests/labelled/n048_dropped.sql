-- expect: N048
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP COLUMN nickname, ADD COLUMN nickname text;
