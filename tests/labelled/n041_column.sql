-- expect: N041
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
REVOKE SELECT ON users FROM app;
GRANT SELECT (id, name) ON users TO app;
