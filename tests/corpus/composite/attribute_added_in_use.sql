-- from
CREATE TYPE address AS (street text);
CREATE TABLE t (id integer, home address, others address[]);
CREATE FUNCTION f(a address) RETURNS text LANGUAGE sql AS 'SELECT a.street';
CREATE VIEW v AS SELECT id, (home).street FROM t;
-- to
CREATE TYPE address AS (street text, zip text);
CREATE TABLE t (id integer, home address, others address[]);
CREATE FUNCTION f(a address) RETURNS text LANGUAGE sql AS 'SELECT a.street';
CREATE VIEW v AS SELECT id, (home).street FROM t;
