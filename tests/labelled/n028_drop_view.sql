-- expect: N028
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP VIEW active_users;
