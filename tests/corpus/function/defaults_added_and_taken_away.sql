-- from
CREATE FUNCTION f(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT a + b';
CREATE FUNCTION g(a integer, b text DEFAULT 'x', c date DEFAULT CURRENT_DATE) RETURNS integer LANGUAGE sql AS 'SELECT a';
-- to
CREATE FUNCTION f(a integer, b integer DEFAULT 2) RETURNS integer LANGUAGE sql AS 'SELECT a + b';
CREATE FUNCTION g(a integer, b text, c date DEFAULT CURRENT_DATE + 1) RETURNS integer LANGUAGE sql AS 'SELECT a';
