-- from
CREATE TABLE a (id integer, x text);
CREATE TABLE b (id integer, y text);
-- to
CREATE TABLE a (id integer, x text);
CREATE TABLE b (id integer, y text);
CREATE TABLE c (id integer, z text) INHERITS (a, b);
