-- both
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
-- from
CREATE FOREIGN TABLE t (id integer OPTIONS (a '1', b '2'), gone text, b varchar(5)) SERVER s;
CREATE VIEW v AS SELECT id, b FROM t;
-- to
CREATE FOREIGN TABLE t (id bigint OPTIONS (a '3', c '4') NOT NULL, b text DEFAULT 'x') SERVER s;
CREATE VIEW v AS SELECT id, b FROM t;
