-- topics: BLT
-- expect: B001
-- file: first
SET LOCAL lock_timeout = '2s';
CREATE INDEX events_what_idx ON events (what);
