-- expect: N003
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER VIEW active_users RENAME COLUMN name TO full_name;
