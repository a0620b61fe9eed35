-- from
CREATE SEQUENCE x;
-- to
CREATE TABLE x (id integer);
