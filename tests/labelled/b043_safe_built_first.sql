-- topics: BLT
-- expect: nothing
-- file: first
-- atlas:txmode none
CREATE INDEX CONCURRENTLY orders_user_id_status_idx ON orders (user_id, status);
DROP INDEX CONCURRENTLY orders_user_id_idx;
