-- topics: BLT
-- expect: T024
-- file: first
-- atlas:txmode none
CREATE INDEX CONCURRENTLY events_what_idx ON events (what);
