-- from
CREATE TABLE t (a integer, b varchar(10), c integer);
CREATE STATISTICS s ON a, b FROM t;
CREATE STATISTICS u ON a, c FROM t;
CREATE STATISTICS e ON (lower(b)) FROM t;
-- to
CREATE TABLE t (a bigint, b text);
CREATE STATISTICS s ON a, b FROM t;
CREATE STATISTICS e ON (lower(b)) FROM t;
