-- expect: N001
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER TABLE events DROP COLUMN what;
