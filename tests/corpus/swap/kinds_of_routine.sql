-- from
CREATE FUNCTION a(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE b(integer) LANGUAGE sql AS '';
CREATE AGGREGATE c(integer) (SFUNC = int4pl, STYPE = integer);
-- to
CREATE PROCEDURE a(integer) LANGUAGE sql AS '';
CREATE AGGREGATE b(integer) (SFUNC = int4pl, STYPE = integer);
CREATE FUNCTION c(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
