-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users RENAME COLUMN name TO full_name;
ALTER TABLE users RENAME COLUMN full_name TO name;
