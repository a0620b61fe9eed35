-- expect: N008
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER VIEW active_users RENAME TO current_users;
