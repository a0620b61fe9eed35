-- from
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE p AS (m mood, n integer);
CREATE TABLE t (p p);
-- to
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN d AS integer CHECK (VALUE > 0);
CREATE TYPE p AS (m mood, n integer, d d);
CREATE TABLE t (p p);
