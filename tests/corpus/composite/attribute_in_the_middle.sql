-- from
CREATE TYPE address AS (street text, zip text);
CREATE FUNCTION f(a address) RETURNS text LANGUAGE sql AS 'SELECT a.zip';
-- to
CREATE TYPE address AS (street text, city text, zip text);
CREATE FUNCTION f(a address) RETURNS text LANGUAGE sql AS 'SELECT a.zip';
