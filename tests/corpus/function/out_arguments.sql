-- from
CREATE FUNCTION f(a integer, OUT x integer, OUT y text) LANGUAGE sql AS 'SELECT a, a::text';
CREATE FUNCTION g(INOUT a integer) LANGUAGE sql AS 'SELECT a';
-- to
CREATE FUNCTION f(a integer, OUT x integer, OUT y text, OUT z date) LANGUAGE sql AS 'SELECT a, a::text, CURRENT_DATE';
CREATE FUNCTION g(INOUT a integer, OUT b text) LANGUAGE sql AS 'SELECT a, a::text';
