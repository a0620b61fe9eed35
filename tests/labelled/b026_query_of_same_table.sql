-- topics: BLT
-- expect: B026
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN plan text;
CREATE TABLE order_copy AS SELECT id, note FROM orders;
