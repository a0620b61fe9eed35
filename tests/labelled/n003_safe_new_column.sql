-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN motto text;
ALTER TABLE users RENAME COLUMN motto TO slogan;
