-- since: 18
-- both
CREATE EXTENSION btree_gist;
-- from
CREATE TABLE r (id integer, at daterange, CONSTRAINT pk PRIMARY KEY (id, at));
CREATE TABLE t (a integer, CONSTRAINT c CHECK (a > 0));
-- to
CREATE TABLE r (id integer, at daterange, CONSTRAINT pk PRIMARY KEY (id, at WITHOUT OVERLAPS));
CREATE TABLE t (a integer, CONSTRAINT c CHECK (a > 0) NOT ENFORCED);
