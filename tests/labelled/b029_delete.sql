-- topics: BLT
-- expect: B029
-- file: first
SET LOCAL lock_timeout = '2s';
DELETE FROM log WHERE line LIKE '%';
