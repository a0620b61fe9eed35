-- both
CREATE TABLE t (a integer, b integer);
-- from
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
-- to
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
CREATE STATISTICS s (dependencies) ON a, b FROM m;
