-- topics: BLT
-- expect: nothing
-- warns: T038
-- file: first
-- atlas:txmode none
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_note_idx ON orders (note);
