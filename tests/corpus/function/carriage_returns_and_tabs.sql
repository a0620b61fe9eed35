-- from
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS E'SELECT ''a''\r\n';
-- to
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS E'\tSELECT ''a''\r\n\r\n\t';
