-- topics: BLT
-- expect: nothing
-- file: first
-- atlas:txmode none
VACUUM (ANALYZE) orders;
ANALYZE users;
