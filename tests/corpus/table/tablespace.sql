-- tablespace
-- from
CREATE TABLE t (id integer PRIMARY KEY);
CREATE TABLE u (id integer, UNIQUE (id) USING INDEX TABLESPACE pairs_space) TABLESPACE pairs_space;
CREATE INDEX i ON t (id);
-- to
CREATE TABLE t (id integer, PRIMARY KEY (id) USING INDEX TABLESPACE pairs_space) TABLESPACE pairs_space;
CREATE TABLE u (id integer UNIQUE);
CREATE INDEX i ON t (id) TABLESPACE pairs_space;
CREATE TABLE p (id integer) PARTITION BY LIST (id) TABLESPACE pairs_space;
