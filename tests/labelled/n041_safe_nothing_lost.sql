-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
REVOKE TRUNCATE ON users FROM app;
REVOKE ALL ON users FROM PUBLIC;
GRANT ALL ON log TO app;
REVOKE UPDATE ON users FROM app;
GRANT UPDATE ON users TO app;
