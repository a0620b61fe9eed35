-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE SEQUENCE order_number;
DROP SEQUENCE order_number;
DROP SEQUENCE IF EXISTS no_such_number;
