-- both
CREATE TABLE t (id integer PRIMARY KEY, b text);
-- from
-- to
CREATE MATERIALIZED VIEW m AS SELECT id, b FROM t;
CREATE UNIQUE INDEX m_id ON m (id);
CREATE INDEX m_b ON m (lower(b)) WHERE id > 0;
