-- expect: N045
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP EXTENSION citext;
