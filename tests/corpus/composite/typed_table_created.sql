-- from
CREATE TYPE person AS (id integer, name text);
-- to
CREATE TYPE person AS (id integer, name text);
CREATE TABLE people OF person (id WITH OPTIONS PRIMARY KEY, CHECK (name <> ''));
