-- expect: N047
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP TABLE events_2025;
