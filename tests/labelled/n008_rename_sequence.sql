-- expect: N008
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER SEQUENCE invoice_number RENAME TO invoice_no;
