-- from
CREATE FUNCTION f(anyarray) RETURNS SETOF anyelement LANGUAGE internal IMMUTABLE STRICT AS 'array_unnest';
-- to
CREATE FUNCTION f(anyarray) RETURNS SETOF anyelement LANGUAGE internal IMMUTABLE STRICT SUPPORT pg_catalog.array_unnest_support AS 'array_unnest';
