-- both
CREATE SCHEMA ext;
-- from
CREATE EXTENSION hstore;
CREATE TABLE t (a hstore);
-- to
CREATE EXTENSION hstore SCHEMA ext;
CREATE TABLE t (a ext.hstore);
