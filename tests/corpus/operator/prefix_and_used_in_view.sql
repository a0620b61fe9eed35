-- from
CREATE FUNCTION twice(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a * 2';
CREATE OPERATOR ## (RIGHTARG = integer, FUNCTION = twice);
CREATE VIEW v AS SELECT ## 2 AS four;
-- to
CREATE FUNCTION twice(a integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT a * 2::bigint';
CREATE OPERATOR ## (RIGHTARG = integer, FUNCTION = twice);
CREATE VIEW v AS SELECT ## 2 AS four;
