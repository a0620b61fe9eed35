-- expect: N044
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
DROP DOMAIN email CASCADE;
