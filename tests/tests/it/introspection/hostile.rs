//! Names that Rust or PostgreSQL would rather not have.

use integration_tests::postgres::TestDatabase;

use super::{ALL, project, round_trip};

#[tokio::test]
async fn names_that_are_words_of_rust_collide_or_are_no_words_at_all() {
    let long = "x".repeat(63);
    let other = format!("{}y", "x".repeat(62));
    let sql = format!(
        r##"
CREATE SCHEMA "type";
CREATE SCHEMA "My Schema";
CREATE SCHEMA "uuid";
CREATE TYPE "Vec" AS ENUM ('Self', 'self', 'SELF', 'a.b', '"', '\', 'ä', 'Ä', '名');
CREATE TYPE "type"."match" AS ENUM ('x');
CREATE DOMAIN "Box" AS text CHECK (VALUE <> '"\');
CREATE TABLE "Option" (id integer PRIMARY KEY, "Option" "Vec" DEFAULT 'Self', v "Vec"[]);
CREATE TABLE "String" (id uuid PRIMARY KEY, "String" text, s "Box");
CREATE TABLE "Vec_" (id integer PRIMARY KEY, x integer[] NOT NULL);
CREATE TABLE "self" ("self" integer PRIMARY KEY, "super" integer, "crate" integer, "Self" integer, "_" integer, "type" text UNIQUE, "async" integer, "r#fn" integer, "fn" integer);
CREATE TABLE "Table" (id integer PRIMARY KEY REFERENCES "self" ("self"), "Column" integer);
CREATE TABLE "user" (id integer PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, "type" text REFERENCES "self" ("type"));
CREATE TABLE "Users" (id integer PRIMARY KEY);
CREATE TABLE "USERS" (id integer PRIMARY KEY);
CREATE TABLE "users " (id integer PRIMARY KEY);
CREATE TABLE "2fa" ("2fa" integer, "createdAt" integer, "created_at" integer, "CreatedAt" integer, "created at" integer, "a""b" text, "a'b" text, "a\b" text, "é" integer, "É" integer, "имя" text, "名前" text, "☃" text, "💥" text, "a__b" integer, "__" integer);
CREATE INDEX ON "2fa" ("a""b", "☃");
CREATE TABLE "name" ("name" integer PRIMARY KEY, "where" integer, "using" integer, "include" integer, "sql" text, "columns" text, "index" text);
CREATE INDEX "where" ON "name" ("where", "using", "name") WHERE "include" IS NULL;
CREATE UNIQUE INDEX "using" ON "name" ("sql") INCLUDE ("include");
ALTER TABLE "name" ADD CHECK ("where" > 0 AND "columns" <> '"#');
CREATE TABLE {long} (id integer PRIMARY KEY, {long} integer UNIQUE, {other} integer);
CREATE INDEX ON {long} ({other});
CREATE TABLE {other} (id bigint GENERATED ALWAYS AS IDENTITY, {long} integer REFERENCES {long} ({long}), CHECK ({long} > 0));
CREATE TABLE "type"."loop" ("match" "type"."match" DEFAULT 'x', id serial PRIMARY KEY);
CREATE TABLE "My Schema"."My Table" ("My Column" integer PRIMARY KEY REFERENCES "type"."loop");
CREATE TABLE "uuid"."uuid" ("uuid" uuid PRIMARY KEY);
CREATE TABLE "Straße" (id integer PRIMARY KEY);
COMMENT ON TABLE "user" IS E'a */ b /* c\nhttp://x.y <z> [link] `code` {{}} \\ "quoted" #';
COMMENT ON COLUMN "user".id IS E'tab\tand\r\nreturn';
COMMENT ON TABLE "Users" IS E'\u202Eright to left';
COMMENT ON SCHEMA "My Schema" IS 'It''s "mine".';
"##
    );
    let database = TestDatabase::with(&sql).await;
    let one = project("introspect-hostile", ALL);
    round_trip(&one, &database, &[]).await;
    let other = project("introspect-hostile-tables", ALL);
    round_trip(&other, &database, &["--per-table"]).await;
}
