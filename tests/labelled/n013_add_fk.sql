-- expect: N013
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE notes ADD CONSTRAINT notes_org_id_fkey FOREIGN KEY (org_id) REFERENCES orgs (id) NOT VALID;
