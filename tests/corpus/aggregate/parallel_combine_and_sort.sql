-- from
CREATE AGGREGATE my_max(integer) (SFUNC = int4larger, STYPE = integer);
-- to
CREATE AGGREGATE my_max(integer) (SFUNC = int4larger, STYPE = integer, COMBINEFUNC = int4larger, SORTOP = >, PARALLEL = SAFE, SSPACE = 8);
CREATE AGGREGATE my_avg(bigint) (SFUNC = int8_avg_accum, STYPE = internal, SSPACE = 48, FINALFUNC = numeric_poly_avg,
    COMBINEFUNC = int8_avg_combine, SERIALFUNC = int8_avg_serialize, DESERIALFUNC = int8_avg_deserialize, PARALLEL = SAFE);
