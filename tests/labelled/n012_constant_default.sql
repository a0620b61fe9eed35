-- expect: N012
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE orgs ADD COLUMN slot integer DEFAULT 1;
TRUNCATE orgs CASCADE;
ALTER TABLE orgs ADD CONSTRAINT orgs_slot_key UNIQUE (slot);
