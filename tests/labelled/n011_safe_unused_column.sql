-- expect: nothing
-- topics: NG
-- contract: users (id, name, email); orgs (id, name)
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT users_age_adult CHECK (age > 17) NOT VALID;
ALTER TABLE users ALTER COLUMN nickname SET DEFAULT '', ALTER COLUMN nickname SET NOT NULL;
