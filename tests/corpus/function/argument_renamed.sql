-- from
CREATE FUNCTION f(a integer, b text) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE TABLE t (id integer DEFAULT f(1, 'x'));
-- to
CREATE FUNCTION f(first integer, second text) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE TABLE t (id integer DEFAULT f(1, 'x'));
