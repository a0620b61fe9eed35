-- expect: N043
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP FUNCTION note_change() CASCADE;
