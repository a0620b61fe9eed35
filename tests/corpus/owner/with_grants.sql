-- roles: pairs_owner, pairs_app
-- both
CREATE TABLE t (id integer);
GRANT SELECT ON t TO pairs_app;
-- from
-- to
ALTER TABLE t OWNER TO pairs_owner;
