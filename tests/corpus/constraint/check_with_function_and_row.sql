-- from
CREATE TABLE t (a integer, b text);
-- to
CREATE FUNCTION ok(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > ''''';
CREATE TABLE t (a integer, b text);
CREATE FUNCTION row_ok(t) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a > 0';
CREATE TABLE u (a integer, b text CHECK (ok(b)));
ALTER TABLE t ADD CONSTRAINT whole CHECK (row_ok(t));
