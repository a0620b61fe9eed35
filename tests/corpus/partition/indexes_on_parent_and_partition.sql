-- from
CREATE TABLE p (id integer, n integer) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX p_n ON p (n);
CREATE INDEX p1_own ON p1 (id, n);
-- to
CREATE TABLE p (id integer, n integer) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX p_n ON p (n DESC);
CREATE UNIQUE INDEX p_id ON p (id);
CREATE INDEX p1_other ON p1 (n) WHERE n > 0;
