-- from
CREATE TABLE t (id integer, b text);
CREATE VIEW v AS SELECT id, b FROM t;
CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.id, new.b);
-- to
CREATE TABLE t (id bigint, b text);
CREATE VIEW v AS SELECT id, b FROM t;
CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.id, new.b);
