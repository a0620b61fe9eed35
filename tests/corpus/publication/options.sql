-- both
CREATE TABLE a (id integer PRIMARY KEY);
-- from
CREATE PUBLICATION p FOR TABLE a WITH (publish = 'insert');
CREATE PUBLICATION q FOR TABLE a;
-- to
CREATE PUBLICATION p FOR TABLE a WITH (publish = 'insert, update, truncate');
CREATE PUBLICATION q FOR TABLE a WITH (publish_via_partition_root = true);
