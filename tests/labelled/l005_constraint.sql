-- topics: BLT
-- expect: L005
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE orgs DROP CONSTRAINT orgs_pkey CASCADE;
