-- from
CREATE TYPE r AS RANGE (SUBTYPE = float8);
CREATE TABLE t (id integer, x r, CONSTRAINT apart EXCLUDE USING gist (x WITH &&));
-- to
CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TABLE t (id integer, x r, CONSTRAINT apart EXCLUDE USING gist (x WITH &&));
