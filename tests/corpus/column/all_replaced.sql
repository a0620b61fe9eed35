-- from
CREATE TABLE t (a integer);
-- to
CREATE TABLE t (b integer, c integer);
