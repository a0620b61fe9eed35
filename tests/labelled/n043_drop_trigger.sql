-- expect: N043
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP TRIGGER orders_note ON orders;
