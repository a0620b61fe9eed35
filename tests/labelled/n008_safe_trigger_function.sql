-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER FUNCTION note_change() RENAME TO note_changes;
