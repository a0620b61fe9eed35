-- from
CREATE TABLE t (id integer);
CREATE VIEW v AS SELECT id FROM t;
-- to
CREATE TABLE u (id integer);
CREATE VIEW v AS SELECT id FROM u;
