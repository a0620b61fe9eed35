-- from
-- to
CREATE FUNCTION add(a integer, b integer) RETURNS integer LANGUAGE sql AS $$ SELECT a + b $$;
CREATE FUNCTION tell(what text) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    RAISE NOTICE 'it''s %; $$', what;
END
$body$;
