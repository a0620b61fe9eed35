-- from
CREATE PROCEDURE p(a integer) LANGUAGE plpgsql AS 'BEGIN END';
-- to
CREATE PROCEDURE p(a integer, OUT b text) LANGUAGE plpgsql AS 'BEGIN b := 1; END';
COMMENT ON PROCEDURE p IS 'Gives b.';
