-- both
CREATE TABLE t (id integer, b text);
CREATE VIEW v AS SELECT id, b FROM t;
-- from
-- to
ALTER VIEW v ALTER COLUMN b SET DEFAULT 'none';
