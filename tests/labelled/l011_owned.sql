-- topics: BLT
-- expect: L011
-- file: first
SET LOCAL lock_timeout = '2s';
DROP OWNED BY app;
