-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'refunded' AFTER 'paid';
-- file: second
SET LOCAL lock_timeout = '2s';
UPDATE orders SET status = 'refunded' WHERE id = 1;
