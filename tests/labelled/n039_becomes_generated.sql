-- expect: N039
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP COLUMN nickname, ADD COLUMN nickname text GENERATED ALWAYS AS (left(name, 3)) STORED;
