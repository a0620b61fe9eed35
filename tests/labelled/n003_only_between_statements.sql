-- expect: N003
-- topics: NG
-- file: change
-- atlas:txmode none
ALTER TABLE users RENAME COLUMN name TO full_name;
ALTER TABLE users RENAME COLUMN full_name TO name;
