-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN age TYPE integer, ALTER COLUMN note TYPE varchar(50);
