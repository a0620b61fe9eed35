-- from
CREATE TABLE t (id integer PRIMARY KEY, old_name text);
CREATE VIEW a AS SELECT id, old_name FROM t;
CREATE VIEW b AS SELECT id, old_name FROM a;
CREATE VIEW c AS SELECT count(old_name) AS n FROM b;
-- to
CREATE TABLE t (id integer PRIMARY KEY, new_name text);
CREATE VIEW a AS SELECT id, new_name FROM t;
CREATE VIEW b AS SELECT id, new_name FROM a;
CREATE VIEW c AS SELECT count(new_name) AS n FROM b;
