-- expect: N056
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER PUBLICATION changes DROP TABLE orgs;
