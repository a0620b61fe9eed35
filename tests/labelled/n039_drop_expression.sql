-- expect: N039
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE notes ALTER COLUMN size DROP EXPRESSION;
