-- from
CREATE TABLE t (id integer, name varchar(10));
CREATE FUNCTION f(a integer) RETURNS SETOF varchar LANGUAGE sql STABLE BEGIN ATOMIC SELECT name FROM t WHERE id = a; END;
CREATE VIEW v AS SELECT f(1) AS x;
-- to
CREATE TABLE t (id integer, name text);
CREATE FUNCTION f(a integer) RETURNS SETOF varchar LANGUAGE sql STABLE BEGIN ATOMIC SELECT name FROM t WHERE id = a; END;
CREATE VIEW v AS SELECT f(1) AS x;
