-- expect: N004
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users RENAME TO people;
