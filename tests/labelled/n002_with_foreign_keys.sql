-- expect: N002
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey;
DROP VIEW IF EXISTS nowhere;
DROP TABLE orders;
