-- expect: N012
-- topics: NG
-- file: change
-- atlas:txmode none
CREATE UNIQUE INDEX CONCURRENTLY users_name_key ON users (name);
