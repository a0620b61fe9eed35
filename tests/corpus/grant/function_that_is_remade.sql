-- roles: pairs_app
-- from
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
REVOKE ALL ON FUNCTION f(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f(integer) TO pairs_app;
-- to
CREATE FUNCTION f(a integer) RETURNS text LANGUAGE sql AS 'SELECT a::text';
REVOKE ALL ON FUNCTION f(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f(integer) TO pairs_app;
