-- from
CREATE TABLE t (id integer);
CREATE VIEW v AS SELECT id FROM t;
CREATE VIEW w AS SELECT id FROM v;
-- to
