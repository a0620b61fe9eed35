-- topics: BLT
-- expect: nothing
-- file: first
-- atlas:txmode none
ALTER TABLE events DETACH PARTITION events_2025 CONCURRENTLY;
