-- topics: BLT
-- expect: T039
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TYPE order_status ADD VALUE 'refunded';
UPDATE orders SET status = 'refunded' WHERE id = 1;
