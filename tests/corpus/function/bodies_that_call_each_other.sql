-- from
-- to
SET check_function_bodies = false;
CREATE FUNCTION even(n integer) RETURNS boolean LANGUAGE sql AS 'SELECT n = 0 OR odd(n - 1)';
CREATE FUNCTION odd(n integer) RETURNS boolean LANGUAGE sql AS 'SELECT n <> 0 AND even(n - 1)';
