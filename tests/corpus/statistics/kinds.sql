-- both
CREATE TABLE t (a integer, b integer, c text);
-- from
CREATE STATISTICS s (ndistinct) ON a, b FROM t;
CREATE STATISTICS gone ON a, c FROM t;
-- to
CREATE STATISTICS s (ndistinct, dependencies, mcv) ON a, b FROM t;
CREATE STATISTICS e ON (a + b), lower(c), a FROM t;
COMMENT ON STATISTICS e IS 'Of expressions.';
