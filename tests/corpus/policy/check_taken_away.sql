-- both
CREATE TABLE t (id integer);
-- from
CREATE POLICY a ON t USING (id > 0) WITH CHECK (id > 5);
-- to
CREATE POLICY a ON t USING (id > 0);
