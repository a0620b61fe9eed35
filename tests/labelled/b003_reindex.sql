-- topics: BLT
-- expect: B003
-- file: first
SET LOCAL lock_timeout = '2s';
REINDEX INDEX users_name_idx;
