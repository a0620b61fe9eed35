-- both
CREATE TABLE t (id integer);
-- from
CREATE VIEW v AS SELECT id FROM t;
-- to
CREATE TABLE v (id integer);
