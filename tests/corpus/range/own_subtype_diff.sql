-- from
CREATE FUNCTION diff(a time, b time) RETURNS float8 LANGUAGE sql IMMUTABLE STRICT AS 'SELECT EXTRACT(EPOCH FROM (a - b))';
CREATE TYPE timerange AS RANGE (SUBTYPE = time);
-- to
CREATE FUNCTION diff(a time, b time) RETURNS float8 LANGUAGE sql IMMUTABLE STRICT AS 'SELECT EXTRACT(EPOCH FROM (a - b))';
CREATE TYPE timerange AS RANGE (SUBTYPE = time, SUBTYPE_DIFF = diff);
CREATE TABLE t (x timerange, y timemultirange);
