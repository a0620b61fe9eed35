-- from
CREATE TABLE t (id integer);
CREATE TABLE u (id integer);
CREATE INDEX i ON t (id);
CREATE INDEX k ON u (id);
-- to
CREATE TABLE t (id integer);
CREATE TABLE u (id integer);
CREATE INDEX i ON u (id);
CREATE INDEX k ON t (id);
