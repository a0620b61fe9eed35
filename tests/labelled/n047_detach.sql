-- expect: N047
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE events DETACH PARTITION events_2025;
