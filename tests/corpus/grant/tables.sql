-- roles: pairs_app, pairs_reader
-- both
CREATE TABLE t (id integer);
CREATE TABLE u (id integer);
-- from
GRANT SELECT, INSERT ON t TO pairs_app;
GRANT SELECT ON u TO PUBLIC;
-- to
GRANT SELECT, UPDATE, DELETE ON t TO pairs_app;
GRANT ALL ON t TO pairs_reader;
GRANT REFERENCES, TRIGGER, TRUNCATE ON u TO pairs_reader;
