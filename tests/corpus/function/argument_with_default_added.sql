-- from
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE t (id integer DEFAULT f(1));
-- to
CREATE FUNCTION f(a integer, b integer DEFAULT 2) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE TABLE t (id integer DEFAULT f(1));
