-- from
-- to
CREATE TABLE p (id integer, name text) PARTITION BY RANGE (lower(name) COLLATE "C", (id % 10));
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('a', 0) TO ('m', MAXVALUE);
CREATE TABLE q (id integer, name text) PARTITION BY RANGE (name text_pattern_ops);
CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (MINVALUE) TO ('m');
