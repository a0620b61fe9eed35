-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN note TYPE varchar(100);
ALTER TABLE users ALTER COLUMN note TYPE text;
ALTER TABLE users ALTER COLUMN balance TYPE numeric(14, 2);
