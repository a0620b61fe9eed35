-- topics: BLT
-- expect: L001
-- file: first
SET LOCAL lock_timeout = '2s';
TRUNCATE log;
