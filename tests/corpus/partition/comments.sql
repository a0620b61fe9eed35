-- both
CREATE TABLE p (id integer, n integer CONSTRAINT pos CHECK (n > 0)) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX p_n ON p (n);
-- from
COMMENT ON TABLE p IS 'Old.';
-- to
COMMENT ON TABLE p IS 'New.';
COMMENT ON TABLE p1 IS 'A part.';
COMMENT ON COLUMN p1.n IS 'A number.';
COMMENT ON INDEX p1_n_idx IS 'Of the part.';
COMMENT ON CONSTRAINT pos ON p IS 'Positive.';
