-- from
CREATE TABLE t (a integer NOT NULL, b integer, CONSTRAINT x CHECK (a > 0), CONSTRAINT k UNIQUE (b));
-- to
CREATE TABLE t (a integer NOT NULL, b integer, CONSTRAINT x PRIMARY KEY (a), CONSTRAINT k CHECK (b > 0));
