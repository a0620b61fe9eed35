-- from: 18
-- expect: N035
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ALTER CONSTRAINT orders_user_id_fkey NOT ENFORCED;
