-- from
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE t (id integer, twice bigint GENERATED ALWAYS AS (f(id) * 2) STORED);
CREATE INDEX i ON t (twice);
-- to
CREATE FUNCTION f(a integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT a::bigint';
CREATE TABLE t (id integer, twice bigint GENERATED ALWAYS AS (f(id) * 2) STORED);
CREATE INDEX i ON t (twice);
