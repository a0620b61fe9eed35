-- from
CREATE TABLE t (id integer);
-- to
CREATE TABLE t (id integer, n integer);
CREATE FUNCTION of_row(t) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.n';
CREATE INDEX t_of_row ON t (of_row(t));
CREATE VIEW v AS SELECT id, of_row(t.*) AS o FROM t;
CREATE FUNCTION of_view(v) RETURNS integer LANGUAGE sql AS 'SELECT $1.o';
CREATE VIEW w AS SELECT of_view(v.*) AS x FROM v;
CREATE TABLE u (whole t, parts t[], seen v);
