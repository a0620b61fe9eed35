-- expect: N016
-- topics: NG
-- base
CREATE TABLE goods (id serial PRIMARY KEY);
-- file: change
SET LOCAL lock_timeout = '2s';
DROP SEQUENCE goods_id_seq CASCADE;
