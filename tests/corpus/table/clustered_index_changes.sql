-- from
CREATE TABLE t (id integer PRIMARY KEY, n integer);
CREATE INDEX i ON t (n);
ALTER TABLE t CLUSTER ON i;
-- to
CREATE TABLE t (id integer PRIMARY KEY, n bigint);
CREATE INDEX i ON t (n DESC);
ALTER TABLE t CLUSTER ON i;
