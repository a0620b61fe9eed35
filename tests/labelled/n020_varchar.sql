-- expect: nothing
-- warns: N020
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN note TYPE varchar(80);
ALTER TABLE users ALTER COLUMN note TYPE text;
