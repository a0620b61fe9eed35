-- since: 15
-- both
CREATE TABLE t (id integer);
-- from
CREATE VIEW v AS SELECT id FROM t;
CREATE VIEW w WITH (security_invoker = true) AS SELECT id FROM t;
-- to
CREATE VIEW v WITH (security_invoker = true) AS SELECT id FROM t;
CREATE VIEW w WITH (security_invoker = false, security_barrier = true) AS SELECT id FROM t;
