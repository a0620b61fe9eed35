-- roles: pairs_app
-- from
CREATE AGGREGATE my_count(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
-- to
CREATE AGGREGATE my_count(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0', PARALLEL = RESTRICTED);
CREATE FUNCTION cat(integer[], VARIADIC integer[]) RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$ SELECT $1 || $2 $$;
CREATE AGGREGATE my_all(VARIADIC integer[]) (SFUNC = cat, STYPE = integer[]);
REVOKE ALL ON FUNCTION my_all(VARIADIC integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_all(VARIADIC integer[]) TO pairs_app;
