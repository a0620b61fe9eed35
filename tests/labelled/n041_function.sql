-- expect: N041
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
REVOKE EXECUTE ON FUNCTION initials(text) FROM PUBLIC;
