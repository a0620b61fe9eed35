-- expect: nothing
-- warns: N036
-- topics: NG
-- base
CREATE TABLE orgs (id bigint PRIMARY KEY);
CREATE TABLE users (id bigint PRIMARY KEY, org_id bigint CONSTRAINT users_org_id_fkey REFERENCES orgs (id));
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP CONSTRAINT users_org_id_fkey;
ALTER TABLE users ADD CONSTRAINT users_org_id_fkey FOREIGN KEY (org_id) REFERENCES orgs (id) ON DELETE RESTRICT NOT VALID;
