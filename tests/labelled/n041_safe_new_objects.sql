-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE TABLE plans (id bigint PRIMARY KEY);
GRANT SELECT ON plans TO app;
REVOKE SELECT ON plans FROM app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM app;
