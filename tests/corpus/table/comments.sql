-- both
CREATE TABLE t (id integer CONSTRAINT pk PRIMARY KEY, n integer CONSTRAINT pos CHECK (n > 0));
CREATE INDEX i ON t (n);
-- from
COMMENT ON TABLE t IS 'Old.';
COMMENT ON COLUMN t.n IS 'Old.';
COMMENT ON CONSTRAINT pos ON t IS 'Old.';
-- to
COMMENT ON TABLE t IS E'New.\nTwo lines: ''x'', \\ and ü.';
COMMENT ON COLUMN t.id IS 'Added.';
COMMENT ON CONSTRAINT pk ON t IS 'Its key.';
COMMENT ON INDEX i IS 'An index.';
COMMENT ON CONSTRAINT pos ON t IS 'New.';
