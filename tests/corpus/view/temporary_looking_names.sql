-- from
CREATE TABLE "Order" ("Id" integer, "select" text);
CREATE VIEW "View.With.Dots" AS SELECT "Id", "select" FROM "Order";
-- to
CREATE TABLE "Order" ("Id" integer, "select" text);
CREATE VIEW "View.With.Dots" AS SELECT "Id", "select" AS "a ""b""" FROM "Order";
CREATE VIEW "view ünïcode" AS SELECT "a ""b""" FROM "View.With.Dots";
