-- tablespace
-- both
CREATE TABLE t (id integer PRIMARY KEY, b text);
-- from
CREATE MATERIALIZED VIEW m AS SELECT id, b FROM t;
CREATE INDEX i ON m (id);
-- to
CREATE MATERIALIZED VIEW m WITH (fillfactor = 70, autovacuum_enabled = false) TABLESPACE pairs_space AS SELECT id, b FROM t;
CREATE INDEX i ON m (id) WITH (fillfactor = 50) TABLESPACE pairs_space;
