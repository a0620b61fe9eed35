-- from
CREATE FUNCTION add(a bigint, b integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE AGGREGATE total(integer) (SFUNC = add, STYPE = bigint, INITCOND = '0');
-- to
CREATE FUNCTION add(a numeric, b integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE AGGREGATE total(integer) (SFUNC = add, STYPE = numeric, INITCOND = '0');
