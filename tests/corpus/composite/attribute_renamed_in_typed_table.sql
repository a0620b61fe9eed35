-- from
CREATE TYPE person AS (id integer, name text);
CREATE TABLE people OF person (PRIMARY KEY (id));
-- to
CREATE TYPE person AS (id integer, name text, born date);
CREATE TABLE people OF person (PRIMARY KEY (id), name WITH OPTIONS DEFAULT '');
