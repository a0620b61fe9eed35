-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE notes ADD COLUMN user_id bigint REFERENCES users (id);
CREATE TABLE seats (id bigint PRIMARY KEY, org_id bigint REFERENCES orgs (id) ON DELETE CASCADE);
ALTER TABLE seats ADD COLUMN user_id bigint REFERENCES users (id);
