-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users RENAME TO people;
ALTER TABLE people RENAME TO users;
