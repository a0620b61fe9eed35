-- expect: nothing
-- topics: NG
-- file: add
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN motto text;
-- file: drop
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP COLUMN motto;
