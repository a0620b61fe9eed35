-- both
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION to_pair(integer) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1, $1)::pair';
CREATE FUNCTION from_pair(pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a';
-- from
CREATE CAST (integer AS pair) WITH FUNCTION to_pair(integer);
-- to
CREATE CAST (integer AS pair) WITH FUNCTION to_pair(integer) AS ASSIGNMENT;
CREATE CAST (pair AS integer) WITH FUNCTION from_pair(pair) AS IMPLICIT;
CREATE CAST (text AS pair) WITH INOUT;
COMMENT ON CAST (text AS pair) IS 'By text.';
