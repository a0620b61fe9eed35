-- from
CREATE TABLE t (id integer, tenant integer);
CREATE POLICY a ON t USING (tenant = 1);
-- to
CREATE TABLE t (id integer);
CREATE POLICY a ON t USING (id = 1);
