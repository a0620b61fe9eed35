-- roles: pairs_owner, pairs_app
-- both
CREATE TABLE t (id integer);
CREATE VIEW v AS SELECT id FROM t;
-- from
ALTER TABLE t OWNER TO pairs_owner;
GRANT SELECT ON v TO pairs_app;
-- to
ALTER TABLE t OWNER TO pairs_owner;
REVOKE DELETE, TRUNCATE ON t FROM pairs_owner;
