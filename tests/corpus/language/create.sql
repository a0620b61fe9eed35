-- both
CREATE FUNCTION handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION checker(oid) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE FUNCTION inliner(internal) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_inline_handler';
-- from
-- to
CREATE LANGUAGE mine HANDLER handler INLINE inliner VALIDATOR checker;
COMMENT ON LANGUAGE mine IS 'Like plpgsql.';
CREATE FUNCTION f() RETURNS integer LANGUAGE mine AS 'BEGIN RETURN 1; END';
