-- from
CREATE TABLE t (a text, b text COLLATE "C", c varchar(5) COLLATE "POSIX");
CREATE INDEX i ON t (a, b);
CREATE VIEW v AS SELECT a, b FROM t;
-- to
CREATE TABLE t (a text COLLATE "C", b text, c varchar(9) COLLATE "C");
CREATE INDEX i ON t (a, b);
CREATE VIEW v AS SELECT a, b FROM t;
