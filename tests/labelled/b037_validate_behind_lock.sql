-- topics: BLT
-- expect: B037
-- base
CREATE DOMAIN email AS text;
CREATE TABLE people (id bigint PRIMARY KEY, email email);
CREATE TABLE orgs (id bigint PRIMARY KEY);
ALTER DOMAIN email ADD CONSTRAINT email_short CHECK (length(VALUE) < 1000) NOT VALID;
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER TABLE orgs ADD COLUMN name text;
ALTER DOMAIN email VALIDATE CONSTRAINT email_short;
