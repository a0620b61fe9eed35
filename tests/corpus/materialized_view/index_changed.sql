-- both
CREATE TABLE t (id integer PRIMARY KEY, b text);
CREATE MATERIALIZED VIEW m AS SELECT id, b FROM t;
-- from
CREATE INDEX m_1 ON m (id);
CREATE INDEX m_2 ON m (b);
-- to
CREATE INDEX m_1 ON m (id DESC);
CREATE INDEX m_3 ON m USING hash (b);
