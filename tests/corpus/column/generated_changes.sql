-- from
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a + 1) STORED, c integer GENERATED ALWAYS AS (a + 2) STORED, d integer, e integer DEFAULT 5, f integer GENERATED ALWAYS AS (a) STORED);
-- to
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a + 10) STORED, c integer, d integer GENERATED ALWAYS AS (a * 2) STORED, e integer GENERATED ALWAYS AS (a * 3) STORED, f bigint GENERATED ALWAYS AS (a) STORED);
