-- from
CREATE TABLE t (id integer, name text);
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql RETURN a + 1;
-- to
CREATE TABLE t (id integer, name text);
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql RETURN a + 2;
CREATE FUNCTION g(a integer) RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT CASE WHEN id > 0 THEN name ELSE 'none' END FROM t WHERE id = a;
END;
