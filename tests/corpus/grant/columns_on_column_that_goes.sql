-- roles: pairs_app
-- from
CREATE TABLE t (id integer, b text);
GRANT SELECT (id, b) ON t TO pairs_app;
-- to
CREATE TABLE t (id integer, c text);
GRANT SELECT (id, c) ON t TO pairs_app;
