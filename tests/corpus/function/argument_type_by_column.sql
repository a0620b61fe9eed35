-- from
CREATE TABLE t (id integer, name varchar(10));
CREATE FUNCTION f(a t.name%TYPE) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- to
CREATE TABLE t (id integer, name text);
CREATE FUNCTION f(a t.name%TYPE) RETURNS integer LANGUAGE sql AS 'SELECT 1';
