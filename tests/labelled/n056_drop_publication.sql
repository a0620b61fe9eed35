-- expect: N056
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP PUBLICATION changes;
