-- expect: N010
-- topics: NG
-- contract: users (id, name, email); orgs (id, name)
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN nickname SET NOT NULL;
