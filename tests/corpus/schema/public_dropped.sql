-- from
CREATE TABLE t (id integer);
-- to
DROP SCHEMA public;
CREATE SCHEMA app;
CREATE TABLE app.t (id integer);
