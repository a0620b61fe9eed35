-- from
CREATE TYPE pair AS (a integer, b integer);
-- to
CREATE TYPE pair AS (a integer, b integer);
CREATE DOMAIN ordered AS pair CHECK ((VALUE).a <= (VALUE).b);
CREATE DOMAIN few AS integer[] CHECK (cardinality(VALUE) < 4);
CREATE DOMAIN fewer AS few CHECK (cardinality(VALUE) < 3);
CREATE TABLE t (p ordered, f fewer);
