-- expect: N038
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE orgs ALTER COLUMN id SET GENERATED ALWAYS;
