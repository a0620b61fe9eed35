-- from
CREATE TABLE t (a integer NOT NULL, b text);
-- to
CREATE TABLE t (a integer, b text NOT NULL);
