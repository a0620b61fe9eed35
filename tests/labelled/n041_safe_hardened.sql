-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO app;
REVOKE ALL ON FUNCTION initials(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION initials(text) TO app;
