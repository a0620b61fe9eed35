-- expect: N041
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
REVOKE ALL ON SCHEMA public FROM PUBLIC;
