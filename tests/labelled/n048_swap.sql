-- expect: N048
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users RENAME COLUMN name TO x;
ALTER TABLE users RENAME COLUMN note TO name;
ALTER TABLE users RENAME COLUMN x TO note;
