-- from
CREATE FUNCTION add(a bigint, b integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE AGGREGATE total(integer) (SFUNC = add, STYPE = bigint, INITCOND = '0');
CREATE VIEW v AS SELECT total(x) AS t FROM generate_series(1, 3) x;
-- to
CREATE FUNCTION add(a bigint, b integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE FUNCTION show(a bigint) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT a::text';
CREATE AGGREGATE total(integer) (SFUNC = add, STYPE = bigint, FINALFUNC = show, INITCOND = '10');
CREATE VIEW v AS SELECT total(x) AS t FROM generate_series(1, 3) x;
