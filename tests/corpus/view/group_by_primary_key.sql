-- from
CREATE TABLE t (id integer PRIMARY KEY, b text);
CREATE VIEW v AS SELECT id, b FROM t GROUP BY id;
-- to
CREATE TABLE t (id integer, b text PRIMARY KEY);
CREATE VIEW v AS SELECT id, b FROM t GROUP BY b;
