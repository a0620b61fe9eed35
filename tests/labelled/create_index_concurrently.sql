-- expect: nothing
-- file: index
-- atlas:txmode none
CREATE INDEX CONCURRENTLY orders_note_idx ON orders (note);
