-- expect: N057
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP SEQUENCE invoice_number;
