-- since: 15
-- from
CREATE TABLE t (a integer, b integer, CONSTRAINT u UNIQUE (a));
CREATE UNIQUE INDEX i ON t (b);
-- to
CREATE TABLE t (a integer, b integer, CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a));
CREATE UNIQUE INDEX i ON t (b) NULLS NOT DISTINCT;
