-- from
CREATE TABLE t (id integer PRIMARY KEY, gone integer, kept integer);
CREATE MATERIALIZED VIEW a AS SELECT id, gone, kept FROM t;
CREATE MATERIALIZED VIEW b AS SELECT id, gone, kept FROM a;
CREATE INDEX b_kept ON b (kept);
CREATE MATERIALIZED VIEW c AS SELECT kept FROM b;
CREATE INDEX c_kept ON c (kept);
-- to
CREATE TABLE t (id integer PRIMARY KEY, kept integer);
CREATE MATERIALIZED VIEW a AS SELECT id, kept FROM t;
CREATE MATERIALIZED VIEW b AS SELECT id, kept FROM a;
CREATE INDEX b_kept ON b (kept);
CREATE MATERIALIZED VIEW c AS SELECT kept FROM b;
CREATE INDEX c_kept ON c (kept);
