-- both
CREATE TABLE t (id integer, b text);
CREATE VIEW v AS SELECT id, b FROM t;
CREATE VIEW w AS SELECT id, b FROM t;
-- from
COMMENT ON VIEW v IS 'Old.';
COMMENT ON COLUMN v.id IS 'Number.';
-- to
COMMENT ON VIEW v IS 'New: it''s ours.';
COMMENT ON COLUMN v.b IS 'Text.';
COMMENT ON VIEW w IS 'Added.';
