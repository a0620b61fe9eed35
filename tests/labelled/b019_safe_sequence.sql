-- topics: BLT
-- expect: nothing
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER SEQUENCE invoice_number CACHE 10;
ALTER SEQUENCE invoice_number AS bigint MAXVALUE 100000000;
ALTER SEQUENCE invoice_number RESTART WITH 100;
ALTER TABLE users ALTER COLUMN id SET CACHE 5;
