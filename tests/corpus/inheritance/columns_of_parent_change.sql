-- from
CREATE TABLE a (id integer, gone text, name varchar(5));
CREATE TABLE c (n text) INHERITS (a);
CREATE TABLE d () INHERITS (c);
-- to
CREATE TABLE a (id bigint, name text NOT NULL DEFAULT '', added date);
CREATE TABLE c (n text) INHERITS (a);
CREATE TABLE d () INHERITS (c);
