-- both
CREATE TABLE t (id integer);
-- from
CREATE VIEW v AS SELECT id FROM t;
-- to
CREATE VIEW v WITH (security_barrier) AS SELECT id FROM t;
