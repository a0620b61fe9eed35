-- topics: BLT
-- expect: B009
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD CONSTRAINT orders_one EXCLUDE USING btree (id WITH =);
