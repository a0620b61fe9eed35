-- from
CREATE TYPE inner_type AS (a integer);
CREATE TYPE outer_type AS (i inner_type, l inner_type[]);
CREATE TABLE t (o outer_type);
-- to
CREATE TYPE inner_type AS (a integer, b text);
CREATE TYPE outer_type AS (i inner_type, l inner_type[], c integer);
CREATE TABLE t (o outer_type);
