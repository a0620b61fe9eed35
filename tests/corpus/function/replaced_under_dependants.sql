-- from
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE t (id integer DEFAULT f(1) CHECK (f(id) > 0));
CREATE INDEX i ON t (f(id));
CREATE VIEW v AS SELECT f(id) AS x FROM t;
-- to
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';
CREATE TABLE t (id integer DEFAULT f(1) CHECK (f(id) > 0));
CREATE INDEX i ON t (f(id));
CREATE VIEW v AS SELECT f(id) AS x FROM t;
