-- from
CREATE TABLE t (a integer NOT NULL, b text DEFAULT 'x');
CREATE VIEW v AS SELECT a, b FROM t;
-- to
CREATE TABLE t (b integer NOT NULL, a text DEFAULT 'x');
CREATE VIEW v AS SELECT a, b FROM t;
