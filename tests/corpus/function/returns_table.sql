-- from
CREATE FUNCTION f(a integer) RETURNS TABLE (id integer, name text) LANGUAGE sql AS 'SELECT a, a::text';
CREATE VIEW v AS SELECT name FROM f(1);
-- to
CREATE FUNCTION f(a integer) RETURNS TABLE (id integer, name text, at timestamptz) LANGUAGE sql AS 'SELECT a, a::text, now()';
CREATE VIEW v AS SELECT name, at FROM f(1);
