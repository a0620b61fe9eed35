-- from
CREATE COLLATION ci (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
CREATE TABLE t (a text COLLATE ci, b text);
CREATE INDEX i ON t (b COLLATE ci);
-- to
CREATE COLLATION ci (PROVIDER = icu, LOCALE = 'und-u-ks-level1', DETERMINISTIC = false);
CREATE TABLE t (a text COLLATE ci, b text);
CREATE INDEX i ON t (b COLLATE ci);
