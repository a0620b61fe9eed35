-- from
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE FUNCTION f(a mood DEFAULT 'ok') RETURNS mood LANGUAGE sql AS 'SELECT a';
CREATE VIEW v AS SELECT f() AS m;
-- to
CREATE TYPE mood AS ENUM ('ok', 'happy');
CREATE FUNCTION f(a mood DEFAULT 'ok') RETURNS mood LANGUAGE sql AS 'SELECT a';
CREATE VIEW v AS SELECT f() AS m;
