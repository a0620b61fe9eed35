-- both
CREATE TABLE t (id integer PRIMARY KEY, n integer);
CREATE INDEX i ON t (n);
-- from
ALTER TABLE t CLUSTER ON i;
-- to
ALTER TABLE t CLUSTER ON t_pkey;
