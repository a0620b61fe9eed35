-- from
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION f(p pair) RETURNS integer LANGUAGE sql AS 'SELECT p.a';
-- to
CREATE TYPE pair AS (a integer, b text);
CREATE FUNCTION f(p pair) RETURNS text LANGUAGE sql AS 'SELECT p.b';
