-- expect: N028
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP VIEW active_users;
CREATE VIEW active_users AS SELECT id, name FROM users WHERE status = 'active';
GRANT SELECT ON active_users TO app;
