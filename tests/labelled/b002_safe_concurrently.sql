-- topics: BLT
-- expect: nothing
-- file: first
-- atlas:txmode none
DROP INDEX CONCURRENTLY IF EXISTS users_name_idx;
