-- from
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE t (m mood DEFAULT 'sad');
-- to
CREATE TYPE mood AS ENUM ('awful', 'sad', 'ok', 'happy', 'it''s great');
CREATE TABLE t (m mood DEFAULT 'ok');
