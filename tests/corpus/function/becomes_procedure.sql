-- from
CREATE FUNCTION f(a text) RETURNS void LANGUAGE sql AS '';
-- to
CREATE PROCEDURE f(a text) LANGUAGE sql AS '';
