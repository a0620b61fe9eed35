-- expect: nothing
-- warns: N025
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TYPE order_status ADD VALUE 'refunded';
