-- expect: nothing
-- warns: N020
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP VIEW active_users;
ALTER TABLE users ALTER COLUMN name TYPE varchar(80);
CREATE VIEW active_users AS SELECT id, name, email FROM users WHERE status = 'active';
GRANT SELECT ON active_users TO app;
