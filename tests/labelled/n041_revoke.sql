-- expect: N041
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
REVOKE INSERT ON users FROM app;
