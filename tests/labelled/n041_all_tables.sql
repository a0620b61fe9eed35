-- expect: N041
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
REVOKE DELETE ON ALL TABLES IN SCHEMA public FROM app;
