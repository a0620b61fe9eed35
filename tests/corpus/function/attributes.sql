-- both
CREATE FUNCTION support_less(a integer) RETURNS boolean LANGUAGE sql AS 'SELECT true';
-- from
CREATE FUNCTION a(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT x';
CREATE FUNCTION b(x integer) RETURNS integer LANGUAGE sql STRICT AS 'SELECT x';
CREATE FUNCTION c(x integer) RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT x';
CREATE FUNCTION d(x integer) RETURNS integer LANGUAGE sql PARALLEL SAFE AS 'SELECT x';
CREATE FUNCTION e(x integer) RETURNS SETOF integer LANGUAGE sql ROWS 10 AS 'SELECT x';
CREATE FUNCTION f(x integer) RETURNS integer LANGUAGE sql COST 5 AS 'SELECT x';
CREATE FUNCTION g(x integer) RETURNS integer LANGUAGE sql SET work_mem = '8MB' SET search_path = public, pg_temp AS 'SELECT x';
CREATE FUNCTION h(x integer) RETURNS boolean LANGUAGE plpgsql LEAKPROOF AS 'BEGIN RETURN true; END';
-- to
CREATE FUNCTION a(x integer) RETURNS integer LANGUAGE sql STABLE AS 'SELECT x';
CREATE FUNCTION b(x integer) RETURNS integer LANGUAGE sql AS 'SELECT x';
CREATE FUNCTION c(x integer) RETURNS integer LANGUAGE sql AS 'SELECT x';
CREATE FUNCTION d(x integer) RETURNS integer LANGUAGE sql PARALLEL RESTRICTED AS 'SELECT x';
CREATE FUNCTION e(x integer) RETURNS SETOF integer LANGUAGE sql ROWS 20 AS 'SELECT x';
CREATE FUNCTION f(x integer) RETURNS integer LANGUAGE sql COST 50 AS 'SELECT x';
CREATE FUNCTION g(x integer) RETURNS integer LANGUAGE sql SET work_mem = '9MB' SET search_path = '' SET "app.tenant" = 'it''s' AS 'SELECT x';
CREATE FUNCTION h(x integer) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
