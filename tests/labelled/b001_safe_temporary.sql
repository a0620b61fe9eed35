-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE TEMPORARY TABLE users (id bigint, note text);
CREATE INDEX users_note_idx ON users (note);
UPDATE users SET note = 'x';
TRUNCATE users;
DROP TABLE users;
