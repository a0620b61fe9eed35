-- from
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE t (m mood);
-- to
CREATE TYPE mood AS ENUM ('sad', 'happy', 'ok');
CREATE TABLE t (m mood DEFAULT 'ok' CHECK (m <> 'ok'));
CREATE INDEX i ON t (m) WHERE m = 'ok';
CREATE VIEW v AS SELECT m FROM t WHERE m = 'ok';
CREATE FUNCTION f(a mood DEFAULT 'ok') RETURNS mood LANGUAGE sql AS $$ SELECT 'ok'::mood $$;
