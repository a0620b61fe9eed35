-- from
CREATE FUNCTION f(VARIADIC a integer[]) RETURNS integer LANGUAGE sql AS 'SELECT a[1]';
CREATE FUNCTION g(a anyelement) RETURNS anyarray LANGUAGE sql AS 'SELECT ARRAY[a]';
-- to
CREATE FUNCTION f(VARIADIC a integer[] DEFAULT '{}') RETURNS integer LANGUAGE sql AS 'SELECT a[2]';
CREATE FUNCTION g(a anyelement, b anyelement) RETURNS anyarray LANGUAGE sql AS 'SELECT ARRAY[a, b]';
CREATE FUNCTION h(a anycompatible, VARIADIC b anycompatiblearray) RETURNS anycompatible LANGUAGE sql AS 'SELECT a';
