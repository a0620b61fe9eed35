-- roles: pairs_app
-- both
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pairs_app;
-- from
CREATE TABLE old (id integer);
-- to
CREATE TABLE old (id integer);
CREATE TABLE t (id integer);
CREATE TABLE u (id integer);
REVOKE ALL ON u FROM pairs_app;
