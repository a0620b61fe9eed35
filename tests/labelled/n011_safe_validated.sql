-- expect: nothing
-- topics: NG
-- base
CREATE TABLE goods (id bigint PRIMARY KEY, price integer);
ALTER TABLE goods ADD CONSTRAINT goods_price CHECK (price > 0) NOT VALID;
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE goods VALIDATE CONSTRAINT goods_price;
