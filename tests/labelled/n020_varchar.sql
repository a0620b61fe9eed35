-- expect: nothing
-- warns: N020
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN name TYPE varchar(80), ALTER COLUMN note TYPE text;
