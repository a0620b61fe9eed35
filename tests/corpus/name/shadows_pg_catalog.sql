-- from
CREATE TABLE pg_thing (id integer);
-- to
CREATE TABLE pg_thing (id bigint);
CREATE DOMAIN "text" AS pg_catalog.text;
CREATE TABLE "date" (a "text", b pg_catalog.text, c public."text"[]);
CREATE FUNCTION lower(public."text") RETURNS pg_catalog.text LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.upper($1::pg_catalog.text)';
CREATE VIEW pg_class AS SELECT 1 AS one;
