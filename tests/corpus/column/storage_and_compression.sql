-- both
-- from
CREATE TABLE t (a text, b text, c jsonb, d bytea COMPRESSION pglz);
ALTER TABLE t ALTER a SET STORAGE EXTERNAL;
-- to
CREATE TABLE t (a text, b text, c jsonb COMPRESSION pglz, d bytea);
ALTER TABLE t ALTER b SET STORAGE MAIN, ALTER c SET STORAGE PLAIN;
