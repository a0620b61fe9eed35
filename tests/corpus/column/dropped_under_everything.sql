-- from
CREATE TABLE t (id integer PRIMARY KEY, n integer DEFAULT 1 CHECK (n > 0), k integer, twice integer GENERATED ALWAYS AS (n * 2) STORED, UNIQUE (n, k));
CREATE INDEX i ON t (n);
CREATE STATISTICS s ON n, k FROM t;
CREATE VIEW v AS SELECT id, n FROM t;
CREATE POLICY p ON t USING (n > 0);
CREATE TABLE r (n integer, k integer, FOREIGN KEY (n, k) REFERENCES t (n, k));
-- to
CREATE TABLE t (id integer PRIMARY KEY, k integer);
CREATE VIEW v AS SELECT id FROM t;
CREATE TABLE r (n integer, k integer);
