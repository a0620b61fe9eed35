-- from
CREATE SCHEMA a;
CREATE SCHEMA gone;
CREATE TABLE gone.t (id integer);
COMMENT ON SCHEMA a IS 'Old.';
-- to
CREATE SCHEMA a;
CREATE SCHEMA "B b";
CREATE TABLE "B b".t (id integer);
COMMENT ON SCHEMA a IS 'New.';
COMMENT ON SCHEMA "B b" IS 'It''s b.';
