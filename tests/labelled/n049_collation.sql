-- expect: N049
-- topics: NG
-- base
CREATE TABLE notes (id bigint PRIMARY KEY, body text COLLATE "C");
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE notes ALTER COLUMN body TYPE text COLLATE "POSIX";
