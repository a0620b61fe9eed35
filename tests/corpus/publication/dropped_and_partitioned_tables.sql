-- from
CREATE TABLE gone (id integer PRIMARY KEY);
CREATE TABLE p (id integer PRIMARY KEY) PARTITION BY LIST (id);
CREATE PUBLICATION x FOR TABLE gone, p WITH (publish_via_partition_root);
-- to
CREATE TABLE p (id integer PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE PUBLICATION x FOR TABLE p, p1 WITH (publish_via_partition_root);
