-- from
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (id integer DEFAULT f(), b text);
-- to
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE TABLE t (id integer DEFAULT f(), b text);
