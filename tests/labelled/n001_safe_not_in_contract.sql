-- expect: nothing
-- topics: NG
-- contract: users (id, name, email); orgs (id, name)
-- file: change
SET LOCAL lock_timeout = '2s';
DROP TABLE log;
ALTER TABLE orders RENAME TO sales;
