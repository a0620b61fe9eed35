-- expect: N018, N028
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP VIEW active_users;
ALTER TABLE users ALTER COLUMN name TYPE citext;
CREATE VIEW active_users AS SELECT id, name, email FROM users WHERE status = 'active';
GRANT SELECT ON active_users TO app;
