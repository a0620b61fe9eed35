-- topics: BLT
-- expect: nothing
-- file: first
-- atlas:txmode none
REINDEX INDEX CONCURRENTLY users_name_idx;
