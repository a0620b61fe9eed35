-- from
CREATE TABLE a (id integer);
CREATE TABLE c (n text) INHERITS (a);
-- to
CREATE TABLE c (id integer, n text);
