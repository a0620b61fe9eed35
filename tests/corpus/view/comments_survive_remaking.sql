-- both
CREATE TABLE t (id integer, b text);
-- from
CREATE VIEW v AS SELECT id, b FROM t;
COMMENT ON VIEW v IS 'Kept.';
COMMENT ON COLUMN v.b IS 'Kept too.';
-- to
CREATE VIEW v AS SELECT b, id FROM t;
COMMENT ON VIEW v IS 'Kept.';
COMMENT ON COLUMN v.b IS 'Kept too.';
