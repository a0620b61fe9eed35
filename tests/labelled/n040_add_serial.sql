-- expect: N040
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE orgs ADD COLUMN number serial;
