-- topics: BLT
-- expect: nothing
-- warns: B029
-- file: first
SET LOCAL lock_timeout = '2s';
UPDATE users SET status = 'active' WHERE status = 'atcive';
