-- from
CREATE TABLE t (a integer, b integer, CONSTRAINT x CHECK (a > 0), CONSTRAINT y CHECK (b > 0), CONSTRAINT k UNIQUE (a), CONSTRAINT l UNIQUE (b));
-- to
CREATE TABLE t (a integer, b integer, CONSTRAINT x CHECK (b > 0), CONSTRAINT y CHECK (a > 0), CONSTRAINT k UNIQUE (b), CONSTRAINT l UNIQUE (a));
