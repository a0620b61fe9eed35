-- topics: BLT
-- expect: B018
-- file: first
-- atlas:txmode none
VACUUM FULL orders;
