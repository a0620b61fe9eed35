-- from
CREATE TYPE address AS (street text, zip text);
CREATE TABLE t (id integer, home address);
CREATE VIEW v AS SELECT id, (home).zip FROM t;
-- to
CREATE TYPE address AS (street text);
CREATE TABLE t (id integer, home address);
CREATE VIEW v AS SELECT id, (home).street FROM t;
