-- roles: pairs_app
-- both
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
-- from
CREATE TABLE t (id integer);
GRANT SELECT ON t TO pairs_app;
-- to
CREATE FOREIGN TABLE t (id integer) SERVER s;
GRANT SELECT ON t TO pairs_app;
