-- expect: nothing
-- topics: NG
-- file: change
SET LOCAL lock_timeout = '2s';
CREATE FUNCTION tmp(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
DROP FUNCTION tmp(integer);
DROP FUNCTION IF EXISTS nowhere(text);
