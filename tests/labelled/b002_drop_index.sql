-- topics: BLT
-- expect: B002
-- file: first
SET LOCAL lock_timeout = '2s';
DROP INDEX users_name_idx;
