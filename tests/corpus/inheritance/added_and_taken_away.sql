-- from
CREATE TABLE a (id integer);
CREATE TABLE b (id integer);
CREATE TABLE c (id integer, n text) INHERITS (b);
-- to
CREATE TABLE a (id integer);
CREATE TABLE b (id integer);
CREATE TABLE c (id integer, n text) INHERITS (a);
