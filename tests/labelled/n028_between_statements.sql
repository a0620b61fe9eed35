-- expect: N028
-- topics: NG
-- file: change
-- atlas:txmode none
DROP VIEW active_users;
CREATE VIEW active_users AS SELECT id, name, email FROM users WHERE status = 'active';
GRANT SELECT ON active_users TO app;
