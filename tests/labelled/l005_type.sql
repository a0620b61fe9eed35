-- topics: BLT
-- expect: L005
-- file: first
SET LOCAL lock_timeout = '2s';
DROP TYPE order_status CASCADE;
