-- both
CREATE TABLE t (id integer, b text);
-- from
CREATE VIEW v WITH (security_barrier) AS SELECT id FROM t WHERE id > 0 WITH LOCAL CHECK OPTION;
-- to
CREATE VIEW v AS SELECT id, b FROM t WHERE id > 10;
