-- expect: N030
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP FUNCTION initials(text);
