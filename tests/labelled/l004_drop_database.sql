-- topics: BLT
-- expect: L004
-- file: first
-- atlas:txmode none
DROP DATABASE IF EXISTS no_database_has_this_name;
