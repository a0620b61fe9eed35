-- roles: pairs_app, pairs_reader
-- both
CREATE TABLE t (id integer);
-- from
-- to
GRANT SELECT ON t TO pairs_app WITH GRANT OPTION;
SET ROLE pairs_app;
GRANT SELECT ON t TO pairs_reader;
RESET ROLE;
