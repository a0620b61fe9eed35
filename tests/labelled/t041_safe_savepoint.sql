-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
SAVEPOINT before;
ALTER TABLE users ADD COLUMN plan text;
ROLLBACK TO SAVEPOINT before;
RELEASE SAVEPOINT before;
