-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_org_id_fkey;
ALTER TABLE orders ADD COLUMN org_id bigint CONSTRAINT orders_org_id_fkey REFERENCES orgs (id);
ALTER TABLE orders DROP CONSTRAINT orders_org_id_fkey;
