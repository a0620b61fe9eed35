-- from
CREATE TABLE p (id integer, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX p_at ON p (at);
CREATE TABLE p_2023 (id integer, at date, PRIMARY KEY (id, at));
CREATE INDEX p_2023_at_idx ON p_2023 (at);
-- to
CREATE TABLE p (id integer, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX p_at ON p (at);
CREATE TABLE p_2023 PARTITION OF p FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
