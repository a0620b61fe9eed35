-- from
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TYPE a.e AS ENUM ('x');
CREATE TYPE b.e AS ENUM ('y');
CREATE TABLE a.t (id integer PRIMARY KEY, e a.e);
CREATE TABLE b.t (id integer PRIMARY KEY, e b.e);
CREATE TABLE t (id integer PRIMARY KEY, e a.e DEFAULT 'x');
-- to
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TYPE a.e AS ENUM ('x', 'z');
CREATE TYPE b.e AS ENUM ('y');
CREATE TYPE e AS ENUM ('y');
CREATE TABLE b.t (id integer PRIMARY KEY, e b.e);
CREATE TABLE a.t (id integer PRIMARY KEY REFERENCES b.t, e b.e);
CREATE TABLE t (id integer PRIMARY KEY REFERENCES a.t, e e DEFAULT 'y');
CREATE VIEW a.v AS SELECT t.id, o.e FROM t JOIN b.t o ON o.id = t.id;
CREATE FUNCTION a.f(t) RETURNS a.e LANGUAGE sql AS $$ SELECT 'x'::a.e $$;
