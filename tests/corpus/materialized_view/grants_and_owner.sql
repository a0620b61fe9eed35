-- roles: pairs_app, pairs_owner
-- both
CREATE TABLE t (id integer PRIMARY KEY, b text);
-- from
CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
GRANT SELECT ON m TO pairs_app;
-- to
CREATE MATERIALIZED VIEW m AS SELECT id, b FROM t;
ALTER MATERIALIZED VIEW m OWNER TO pairs_owner;
GRANT SELECT ON m TO pairs_app;
