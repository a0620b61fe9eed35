-- expect: N057
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER SEQUENCE invoice_number AS integer;
