-- from
CREATE TABLE base (id integer);
CREATE TABLE a (id integer);
CREATE VIEW b AS SELECT id FROM base;
CREATE MATERIALIZED VIEW c AS SELECT id FROM base;
CREATE SEQUENCE d;
CREATE TYPE e AS (id integer);
CREATE INDEX f ON base (id);
-- to
CREATE TABLE base (id integer);
CREATE SEQUENCE a;
CREATE TYPE b AS (id integer);
CREATE TABLE c (id integer);
CREATE INDEX d ON base (id);
CREATE VIEW e AS SELECT id FROM base;
CREATE MATERIALIZED VIEW f AS SELECT id FROM base;
