-- topics: BLT
-- expect: B006
-- file: first
SET LOCAL lock_timeout = '2s';
DO $do$ BEGIN EXECUTE 'ALTER TABLE ' || quote_ident('orders') || ' ALTER note SET NOT NULL'; END $do$;
