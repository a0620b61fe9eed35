-- from
CREATE TYPE "T.t" AS ("A a" integer);
-- to
CREATE TYPE "T.t" AS ("A a" integer, "select" text, "ü""" date);
CREATE TABLE t (x "T.t", y "T.t"[]);
