-- since: 15
-- from
CREATE TABLE a (id integer PRIMARY KEY, b varchar(5));
CREATE PUBLICATION p FOR TABLE a (id, b) WHERE (id > 0);
-- to
CREATE TABLE a (id bigint PRIMARY KEY, b text);
CREATE PUBLICATION p FOR TABLE a (id, b) WHERE (id > 0);
