-- expect: N041
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
REVOKE USAGE ON SCHEMA shop FROM app;
