-- from: 18
-- expect: B004
-- topics: BLT
-- file: add
SET LOCAL lock_timeout = '2s';
ALTER TABLE log ADD CONSTRAINT log_org FOREIGN KEY (id) REFERENCES orgs (id) NOT ENFORCED;
-- file: enforce
SET LOCAL lock_timeout = '2s';
ALTER TABLE log ALTER CONSTRAINT log_org ENFORCED;
