-- from
CREATE TYPE a AS ENUM ('x');
CREATE DOMAIN b AS text;
CREATE TYPE c AS (x integer);
CREATE TYPE d AS RANGE (SUBTYPE = integer);
CREATE TABLE t (a a, b b, c c, d d);
-- to
CREATE DOMAIN a AS text;
CREATE TYPE b AS (x integer);
CREATE TYPE c AS RANGE (SUBTYPE = integer);
CREATE TYPE d AS ENUM ('x');
CREATE TABLE t (a a, b b, c c, d d);
