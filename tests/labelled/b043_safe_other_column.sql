-- topics: BLT
-- expect: nothing
-- file: first
-- atlas:txmode none
DROP INDEX CONCURRENTLY orders_user_id_idx;
CREATE INDEX CONCURRENTLY orders_note_idx ON orders (note);
