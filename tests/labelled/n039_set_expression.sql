-- from: 17
-- expect: nothing
-- warns: N039
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE notes ALTER COLUMN size SET EXPRESSION AS (length(body) + 1);
