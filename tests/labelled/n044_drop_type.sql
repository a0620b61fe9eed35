-- expect: N044
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP TYPE point3 CASCADE;
