-- expect: N032
-- topics: NG
-- base
CREATE TABLE goods (id bigint PRIMARY KEY, name text);
CREATE UNIQUE INDEX goods_name_key ON goods (name);
-- file: change
-- atlas:txmode none
DROP INDEX CONCURRENTLY goods_name_key;
