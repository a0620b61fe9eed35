-- from: 17
-- expect: B013
-- topics: BLT
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE notes ALTER COLUMN size SET EXPRESSION AS (length(body) + 1);
