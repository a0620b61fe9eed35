-- roles: pairs_app
-- both
CREATE TABLE t (id integer, b text);
-- from
GRANT SELECT (id) ON t TO pairs_app;
-- to
GRANT SELECT ON t TO pairs_app;
