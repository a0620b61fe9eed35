-- both
CREATE FUNCTION handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION checker(oid) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE FUNCTION inliner(internal) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_inline_handler';
-- from
CREATE LANGUAGE mine HANDLER handler;
-- to
CREATE TRUSTED LANGUAGE mine HANDLER handler VALIDATOR checker;
