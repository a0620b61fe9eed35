-- from
-- to
CREATE TABLE b (id integer);
CREATE FUNCTION a() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM b';
CREATE TABLE c (id bigint DEFAULT a());
CREATE FUNCTION z() RETURNS bigint LANGUAGE sql AS 'SELECT a() + count(*) FROM c';
