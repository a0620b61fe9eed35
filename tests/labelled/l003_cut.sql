-- topics: BLT
-- expect: B015, L003
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN note TYPE varchar(5) USING left(note, 5);
