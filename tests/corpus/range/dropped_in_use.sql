-- from
CREATE TYPE r AS RANGE (SUBTYPE = integer);
CREATE TABLE t (id integer, x r);
CREATE FUNCTION f(r) RETURNS integer LANGUAGE sql AS 'SELECT lower($1)';
-- to
CREATE TABLE t (id integer, x int4range);
