-- topics: BLT
-- expect: B001
-- file: first
-- atlas:txmode none
SET lock_timeout = '2s';
CREATE INDEX orders_note_idx ON orders (note);
