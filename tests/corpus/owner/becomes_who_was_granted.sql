-- roles: pairs_owner, pairs_app
-- both
CREATE TABLE t (id integer);
-- from
GRANT SELECT ON t TO pairs_owner;
-- to
ALTER TABLE t OWNER TO pairs_owner;
GRANT SELECT ON t TO pairs_app;
