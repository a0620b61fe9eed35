-- topics: BLT
-- expect: B003
-- file: first
SET LOCAL lock_timeout = '2s';
REINDEX TABLE users;
