-- from
CREATE SCHEMA s;
CREATE TABLE t ("A a" integer, b integer);
CREATE STATISTICS s.x ON "A a", b FROM t;
-- to
CREATE SCHEMA s;
CREATE TABLE t ("A a" integer, b integer);
CREATE STATISTICS "X.y" (dependencies) ON "A a", b FROM t;
