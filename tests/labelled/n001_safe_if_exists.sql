-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users DROP COLUMN IF EXISTS surname;
ALTER TABLE IF EXISTS people DROP COLUMN name;
