-- from
CREATE TYPE pair AS (a integer, b integer);
CREATE DOMAIN ordered AS pair CHECK ((VALUE).a <= (VALUE).b);
-- to
CREATE TYPE pair AS (a integer, b integer, c integer);
CREATE DOMAIN ordered AS pair CHECK ((VALUE).a <= (VALUE).b);
