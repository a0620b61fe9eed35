-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
-- CREATE INDEX users_note_idx ON users (note);
CREATE FUNCTION reindex_later() RETURNS text LANGUAGE plpgsql AS $$ BEGIN CREATE INDEX users_note_idx ON users (note); RETURN 'CREATE INDEX x ON users (note)'; END $$;
INSERT INTO log (id, line) VALUES (900001, 'CREATE INDEX users_note_idx ON users (note)');
