-- from
CREATE SCHEMA "a.b";
CREATE TABLE "a.b"."c""d" ("e f" integer);
-- to
CREATE SCHEMA "a.b";
CREATE TYPE "a.b"."Enum;" AS ENUM ('--', ';', '''', '"', '\');
CREATE TABLE "a.b"."c""d" ("e f" bigint CONSTRAINT "key;--" PRIMARY KEY, "SELECT" "a.b"."Enum;" DEFAULT ';', "$1" text DEFAULT '$$');
CREATE INDEX "in.dex" ON "a.b"."c""d" ("SELECT", "$1");
CREATE SEQUENCE "a.b"."Seq uence";
CREATE VIEW "a.b"."Äöü" AS SELECT "e f" AS "from" FROM "a.b"."c""d";
CREATE FUNCTION "a.b"."Fun c"("A" "a.b"."Enum;" DEFAULT '--') RETURNS "a.b"."Enum;" LANGUAGE sql AS 'SELECT "A"';
COMMENT ON COLUMN "a.b"."c""d"."$1" IS '$$ -- ; "';
