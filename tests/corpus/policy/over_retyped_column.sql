-- from
CREATE TABLE t (id integer, tenant integer);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY a ON t USING (tenant = 1);
COMMENT ON POLICY a ON t IS 'Kept.';
-- to
CREATE TABLE t (id integer, tenant bigint);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY a ON t USING (tenant = 1);
COMMENT ON POLICY a ON t IS 'Kept.';
