-- topics: BLT
-- expect: B043
-- file: first
-- atlas:txmode none
DROP INDEX CONCURRENTLY orders_user_id_idx;
CREATE INDEX CONCURRENTLY orders_user_id_status_idx ON orders (user_id, status);
