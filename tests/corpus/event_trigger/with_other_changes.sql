-- both
CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
-- from
CREATE TABLE gone (id integer);
CREATE EVENT TRIGGER a ON sql_drop EXECUTE FUNCTION f();
-- to
CREATE TABLE made (id integer);
CREATE EVENT TRIGGER a ON sql_drop WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION f();
