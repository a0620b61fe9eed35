-- from
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE t (id integer);
CREATE INDEX by_f ON t (f(id));
CREATE UNIQUE INDEX partial ON t (id) WHERE f(id) = 1;
CREATE STATISTICS s ON f(id), id FROM t;
-- to
CREATE FUNCTION f(a integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT a::bigint';
CREATE TABLE t (id integer);
CREATE INDEX by_f ON t (f(id));
CREATE UNIQUE INDEX partial ON t (id) WHERE f(id) = 1;
CREATE STATISTICS s ON f(id), id FROM t;
