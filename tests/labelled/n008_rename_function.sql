-- expect: N008
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER FUNCTION initials(text) RENAME TO first_letter;
