-- topics: BLT
-- expect: B030
-- file: first
SET LOCAL lock_timeout = '2s';
LOCK TABLE users IN ACCESS EXCLUSIVE MODE;
