-- expect: N048
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users RENAME COLUMN nickname TO nickname_old;
ALTER TABLE users ADD COLUMN nickname text;
