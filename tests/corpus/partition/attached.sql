-- from
CREATE TABLE p (id integer, at date) PARTITION BY RANGE (at);
CREATE TABLE p_2023 (id integer, at date);
-- to
CREATE TABLE p (id integer, at date) PARTITION BY RANGE (at);
CREATE TABLE p_2023 PARTITION OF p FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
