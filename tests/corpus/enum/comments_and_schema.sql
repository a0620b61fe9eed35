-- from
CREATE SCHEMA s;
CREATE TYPE s."Mood" AS ENUM ('a');
-- to
CREATE SCHEMA s;
CREATE TYPE s."Mood" AS ENUM ('a', 'B b');
COMMENT ON TYPE s."Mood" IS 'How it''s going.';
CREATE TYPE "Mood" AS ENUM ('x');
