-- expect: N043
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders DISABLE TRIGGER orders_note;
