-- roles: pairs_owner
-- from
CREATE TABLE t (id integer, b text);
CREATE VIEW v AS SELECT id, b FROM t;
ALTER TABLE t OWNER TO pairs_owner;
ALTER VIEW v OWNER TO pairs_owner;
-- to
CREATE TABLE t (id bigint, b text);
CREATE VIEW v AS SELECT id, b FROM t;
ALTER TABLE t OWNER TO pairs_owner;
ALTER VIEW v OWNER TO pairs_owner;
