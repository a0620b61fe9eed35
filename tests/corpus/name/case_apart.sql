-- from
CREATE TABLE t (id integer);
CREATE TABLE "T" (id integer);
-- to
CREATE TABLE t (id integer, "Id" integer, "ID" integer);
CREATE TABLE "T" ("Id" integer);
CREATE INDEX "I" ON t ("Id");
CREATE INDEX i ON t ("ID");
