-- both
CREATE TABLE t (id integer);
CREATE TABLE u (id integer);
CREATE POLICY "own rows" ON t USING (true);
CREATE POLICY "own rows" ON u USING (true);
-- from
COMMENT ON POLICY "own rows" ON t IS 'Old.';
-- to
COMMENT ON POLICY "own rows" ON t IS 'New.';
COMMENT ON POLICY "own rows" ON u IS 'Other.';
CREATE POLICY "User.s ""own""" ON u USING (false);
