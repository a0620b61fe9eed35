-- expect: N056
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE orgs RENAME TO firms;
CREATE VIEW orgs WITH (security_invoker = true) AS SELECT id, name FROM firms;
GRANT SELECT, INSERT, UPDATE, DELETE ON orgs TO app;
