-- both
CREATE TABLE p (id integer, n integer) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- from
CREATE INDEX p_n ON p (n);
-- to
CREATE INDEX "Named by hand" ON p1 (n);
CREATE INDEX p_n ON p (n);
