-- expect: nothing
-- topics: NG
-- contract: users (id, name, email); orgs (id, name)
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP COLUMN nickname, ADD CONSTRAINT users_age_adult CHECK (age > 17) NOT VALID;
DROP TABLE log;
ALTER TABLE orders RENAME TO sales;
