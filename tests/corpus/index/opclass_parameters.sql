-- both
CREATE EXTENSION pg_trgm;
CREATE EXTENSION ltree;
CREATE TABLE t (s text, l ltree);
-- from
CREATE INDEX i ON t USING gist (s gist_trgm_ops (siglen = 32));
-- to
CREATE INDEX i ON t USING gist (s gist_trgm_ops (siglen = 64));
CREATE INDEX k ON t USING gist (l gist_ltree_ops (siglen = 100));
CREATE INDEX b ON t USING brin (s text_bloom_ops (n_distinct_per_range = 100, false_positive_rate = 0.05));
