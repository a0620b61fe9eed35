-- from
CREATE TABLE t (id integer, email text, tags text, span int4range);
-- to
CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;
CREATE TABLE t (id integer, email citext, tags text, span int4range, EXCLUDE USING gist (id WITH =, span WITH &&));
CREATE INDEX i ON t USING gin (tags gin_trgm_ops);
CREATE VIEW v AS SELECT email, similarity(tags, 'x') AS s FROM t;
