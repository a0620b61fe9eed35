-- expect: N041
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP OWNED BY app;
