-- from
-- to
CREATE AGGREGATE total(integer) (SFUNC = int4_sum, STYPE = bigint);
CREATE AGGREGATE joined(text, text) (SFUNC = string_agg_transfn, STYPE = internal, FINALFUNC = string_agg_finalfn);
COMMENT ON AGGREGATE total(integer) IS 'A sum.';
