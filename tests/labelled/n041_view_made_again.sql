-- expect: N041
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP VIEW active_users;
CREATE VIEW active_users AS SELECT id, name, email FROM users WHERE status = 'active';
