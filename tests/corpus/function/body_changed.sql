-- from
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
COMMENT ON FUNCTION f(integer) IS 'Ours.';
-- to
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a + 1; -- a "comment"';
COMMENT ON FUNCTION f(integer) IS 'Ours.';
