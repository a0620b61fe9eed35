-- from
CREATE TABLE t (id integer NOT NULL, n integer);
CREATE UNIQUE INDEX t_pkey ON t (id);
CREATE UNIQUE INDEX u ON t (n);
-- to
CREATE TABLE t (id integer PRIMARY KEY, n integer, CONSTRAINT u UNIQUE (n));
