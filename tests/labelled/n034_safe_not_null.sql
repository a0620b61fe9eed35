-- from: 18
-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users RENAME CONSTRAINT users_status_not_null TO users_status_given;
