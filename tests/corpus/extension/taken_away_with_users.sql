-- from
CREATE EXTENSION citext;
CREATE TABLE t (id integer, email citext DEFAULT 'x');
CREATE FUNCTION f(citext) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- to
CREATE TABLE t (id integer, email text DEFAULT 'x');
