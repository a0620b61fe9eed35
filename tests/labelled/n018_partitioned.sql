-- expect: N018
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE events ALTER COLUMN id TYPE numeric;
