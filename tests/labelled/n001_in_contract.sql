-- expect: N001, N003
-- topics: NG
-- contract: users (id, name, email); orgs (id, name)
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP COLUMN email CASCADE;
ALTER TABLE users RENAME COLUMN name TO full_name;
DROP TABLE log;
