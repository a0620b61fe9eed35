-- from
CREATE SCHEMA a;
CREATE TABLE a.t (id integer);
CREATE VIEW public.v AS SELECT id FROM a.t;
-- to
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id integer);
CREATE VIEW b.v AS SELECT id FROM a.t;
CREATE VIEW public.v AS SELECT id FROM b.v;
