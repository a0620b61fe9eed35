-- since: 15
-- both
CREATE TABLE a (id integer PRIMARY KEY, b text, c integer);
CREATE TABLE d (id integer PRIMARY KEY, b text);
-- from
CREATE PUBLICATION p FOR TABLE a (id, b), d WHERE (id > 0);
-- to
CREATE PUBLICATION p FOR TABLE a (id, c) WHERE (id > 1), d;
