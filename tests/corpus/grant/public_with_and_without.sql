-- roles: pairs_app
-- both
CREATE TABLE t (id integer);
-- from
GRANT SELECT ON t TO pairs_app;
GRANT INSERT ON t TO PUBLIC;
-- to
GRANT SELECT ON t TO PUBLIC;
