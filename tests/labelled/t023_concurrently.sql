-- topics: BLT
-- expect: T023
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE INDEX CONCURRENTLY orders_note_idx ON orders (note);
