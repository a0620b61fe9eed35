-- both
CREATE FUNCTION f(a integer, OUT b integer) LANGUAGE sql AS 'SELECT a';
CREATE FUNCTION f(text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p(INOUT a integer) LANGUAGE sql AS 'SELECT a';
-- from
COMMENT ON FUNCTION f(integer) IS 'Old.';
-- to
COMMENT ON FUNCTION f(integer) IS 'New.';
COMMENT ON FUNCTION f(text) IS E'Two\nlines.';
COMMENT ON PROCEDURE p(integer) IS 'A procedure.';
