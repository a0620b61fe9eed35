-- expect: nothing
-- topics: NG
-- base
CREATE SEQUENCE counter AS integer;
-- file: change
SET LOCAL lock_timeout = '2s';
ALTER SEQUENCE counter AS bigint CACHE 20;
ALTER SEQUENCE counter RESTART WITH 900000;
DROP SEQUENCE IF EXISTS nowhere;
