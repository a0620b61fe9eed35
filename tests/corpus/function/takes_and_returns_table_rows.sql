-- from
CREATE TABLE t (id integer, name text);
CREATE FUNCTION full_name(t) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name';
CREATE FUNCTION newest() RETURNS SETOF t LANGUAGE sql STABLE AS 'SELECT * FROM t';
-- to
CREATE TABLE t (id integer, name text, at date);
CREATE TABLE u (id integer);
CREATE FUNCTION full_name(t) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name || $1.at';
CREATE FUNCTION newest() RETURNS SETOF u LANGUAGE sql STABLE AS 'SELECT * FROM u';
CREATE FUNCTION first_of(u[]) RETURNS u LANGUAGE sql AS 'SELECT $1[1]';
