-- from
CREATE SCHEMA "Parts of";
CREATE TABLE "Event.s" ("Id" integer, "At" date) PARTITION BY RANGE ("At");
CREATE TABLE "Parts of"."2024" PARTITION OF "Event.s" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- to
CREATE SCHEMA "Parts of";
CREATE TABLE "Event.s" ("Id" bigint, "At" date) PARTITION BY RANGE ("At");
CREATE TABLE "Parts of"."2024" PARTITION OF "Event.s" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE "Parts of"."2025" PARTITION OF "Event.s" FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX "By At" ON "Event.s" ("At");
