-- topics: BLT
-- expect: L008
-- file: first
SET LOCAL lock_timeout = '2s';
DROP SEQUENCE invoice_number;
