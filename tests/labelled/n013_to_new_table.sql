-- expect: N013
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE TABLE spaces (id bigint PRIMARY KEY);
ALTER TABLE notes ADD FOREIGN KEY (org_id) REFERENCES spaces (id) NOT VALID;
