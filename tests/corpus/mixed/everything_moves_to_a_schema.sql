-- from
CREATE TYPE e AS ENUM ('a', 'b');
CREATE DOMAIN d AS text CHECK (VALUE <> '');
CREATE SEQUENCE s;
CREATE TABLE t (id bigint PRIMARY KEY DEFAULT nextval('s'), e e, d d);
CREATE VIEW v AS SELECT id, e FROM t;
CREATE FUNCTION f(e) RETURNS d LANGUAGE sql AS $$ SELECT 'x'::d $$;
-- to
CREATE SCHEMA x;
CREATE TYPE x.e AS ENUM ('a', 'b');
CREATE DOMAIN x.d AS text CHECK (VALUE <> '');
CREATE SEQUENCE x.s;
CREATE TABLE x.t (id bigint PRIMARY KEY DEFAULT nextval('x.s'), e x.e, d x.d);
CREATE VIEW x.v AS SELECT id, e FROM x.t;
CREATE FUNCTION x.f(x.e) RETURNS x.d LANGUAGE sql AS $$ SELECT 'x'::x.d $$;
