-- from
-- to
CREATE AGGREGATE my_percentile(double precision ORDER BY anyelement)
    (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA, FINALFUNC_MODIFY = READ_WRITE);
COMMENT ON AGGREGATE my_percentile(double precision ORDER BY anyelement) IS 'Ordered.';
