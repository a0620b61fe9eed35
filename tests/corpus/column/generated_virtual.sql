-- since: 18
-- from
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a + 1) VIRTUAL, c integer GENERATED ALWAYS AS (a + 1) STORED, d integer);
-- to
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a + 2) VIRTUAL, c integer GENERATED ALWAYS AS (a + 1) VIRTUAL, d integer GENERATED ALWAYS AS (a * 2) VIRTUAL);
