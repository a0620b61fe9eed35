-- from
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE t (id integer CONSTRAINT ok CHECK (f(id) > 0));
CREATE DOMAIN d AS integer CONSTRAINT fine CHECK (f(VALUE) > 0);
-- to
CREATE FUNCTION f(a integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT a::bigint';
CREATE TABLE t (id integer CONSTRAINT ok CHECK (f(id) > 0));
CREATE DOMAIN d AS integer CONSTRAINT fine CHECK (f(VALUE) > 0);
