-- roles: pairs_app, pairs_reader
-- both
CREATE TABLE t (id integer, b text);
-- from
CREATE VIEW v AS SELECT id, b FROM t;
GRANT SELECT ON v TO pairs_app;
GRANT SELECT (b) ON v TO pairs_reader;
-- to
CREATE VIEW v AS SELECT b, id FROM t;
GRANT SELECT ON v TO pairs_app;
GRANT SELECT (b) ON v TO pairs_reader;
