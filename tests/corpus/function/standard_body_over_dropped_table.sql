-- from
CREATE TABLE t (id integer);
CREATE TABLE u (id integer);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql STABLE RETURN (SELECT count(*) FROM t);
-- to
CREATE TABLE u (id integer);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql STABLE RETURN (SELECT count(*) FROM u);
