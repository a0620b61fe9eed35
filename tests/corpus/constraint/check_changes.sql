-- from
CREATE TABLE t (a integer CONSTRAINT c1 CHECK (a > 0), b text CHECK (b <> ''), c integer, CONSTRAINT c3 CHECK (a < c) NO INHERIT);
-- to
CREATE TABLE t (a integer CONSTRAINT c1 CHECK (a > 10), b text, c integer CHECK (c IN (1, 2, 3)), CONSTRAINT c3 CHECK (a < c));
