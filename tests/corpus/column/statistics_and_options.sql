-- from
CREATE TABLE t (a text, b text);
ALTER TABLE t ALTER a SET STATISTICS 100, ALTER b SET (n_distinct = 10);
-- to
CREATE TABLE t (a text, b text);
ALTER TABLE t ALTER b SET STATISTICS 0, ALTER a SET (n_distinct = -0.5, n_distinct_inherited = 3), ALTER b SET (n_distinct = 20);
