-- from
CREATE TABLE t (id integer PRIMARY KEY, a integer, b text);
CREATE VIEW over_a AS SELECT id, a FROM t;
CREATE VIEW over_b AS SELECT id, b FROM t;
-- to
CREATE TABLE t (id integer PRIMARY KEY, a numeric(10,2), b text);
CREATE VIEW over_a AS SELECT id, a FROM t;
CREATE VIEW over_b AS SELECT id, b FROM t;
