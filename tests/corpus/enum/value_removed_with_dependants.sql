-- from
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN good AS mood CHECK (VALUE <> 'sad');
CREATE TABLE t (m mood DEFAULT 'happy' NOT NULL, l mood[] DEFAULT '{happy}', g good);
CREATE INDEX i ON t (m) WHERE m <> 'sad';
CREATE VIEW v AS SELECT m, l FROM t WHERE m <> 'sad';
CREATE FUNCTION f(a mood) RETURNS SETOF mood LANGUAGE sql AS 'SELECT a';
-- to
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN good AS mood CHECK (VALUE <> 'sad');
CREATE TABLE t (m mood DEFAULT 'happy' NOT NULL, l mood[] DEFAULT '{happy}', g good);
CREATE INDEX i ON t (m) WHERE m <> 'sad';
CREATE VIEW v AS SELECT m, l FROM t WHERE m <> 'sad';
CREATE FUNCTION f(a mood) RETURNS SETOF mood LANGUAGE sql AS 'SELECT a';
