-- roles: pairs_app, pairs_reader
-- both
CREATE TABLE t (id integer);
-- from
GRANT SELECT ON t TO pairs_app WITH GRANT OPTION;
GRANT INSERT ON t TO pairs_app;
-- to
GRANT SELECT ON t TO pairs_app;
GRANT INSERT ON t TO pairs_app WITH GRANT OPTION;
