-- topics: BLT
-- expect: B022
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE events DETACH PARTITION events_2025;
