-- from
CREATE TABLE t (id integer, b text);
CREATE VIEW v AS SELECT t AS whole, (t).b AS part FROM t;
-- to
CREATE TABLE t (id integer, b text, c date);
CREATE VIEW v AS SELECT t AS whole, (t).b AS part, (t).c AS other FROM t;
