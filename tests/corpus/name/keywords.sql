-- from
CREATE TABLE "user" (id integer PRIMARY KEY, "order" integer);
-- to
CREATE TABLE "user" (id bigint PRIMARY KEY, "order" integer DEFAULT 1, "end" date, "default" text, "check" integer CHECK ("check" > 0), "primary" integer UNIQUE);
CREATE TABLE "table" ("references" bigint REFERENCES "user");
CREATE INDEX "index" ON "user" ("order", "end");
CREATE VIEW "view" AS SELECT "order", "end" FROM "user";
