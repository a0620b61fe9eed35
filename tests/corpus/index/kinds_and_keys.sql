-- both
CREATE TABLE t (id integer, n integer, s text, j jsonb, a integer[], r int4range, p point);
-- from
CREATE INDEX i1 ON t (id);
CREATE INDEX i2 ON t (s);
CREATE INDEX i3 ON t USING gin (j);
CREATE UNIQUE INDEX i4 ON t (n);
CREATE INDEX i5 ON t USING brin (id);
CREATE INDEX i6 ON t (lower(s));
-- to
CREATE INDEX i1 ON t (id DESC NULLS LAST, n);
CREATE INDEX i2 ON t (s COLLATE "C" text_pattern_ops);
CREATE INDEX i3 ON t USING gin (j jsonb_path_ops);
CREATE INDEX i4 ON t (n);
CREATE INDEX i5 ON t USING brin (id) WITH (pages_per_range = 16, autosummarize = true);
CREATE INDEX i6 ON t (upper(s), (n + 1)) INCLUDE (id);
CREATE INDEX i7 ON t USING gist (r, p);
CREATE INDEX i8 ON t USING spgist (p);
CREATE INDEX i9 ON t USING hash (s);
