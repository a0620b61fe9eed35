-- topics: BLT
-- expect: nothing
-- warns: B037
-- base
CREATE DOMAIN email AS text;
CREATE TABLE people (id bigint PRIMARY KEY, email email);
-- file: first
SET LOCAL lock_timeout = '2s';
ALTER DOMAIN email ADD CONSTRAINT email_short CHECK (length(VALUE) < 1000) NOT VALID;
-- file: second
SET LOCAL lock_timeout = '2s';
ALTER DOMAIN email VALIDATE CONSTRAINT email_short;
