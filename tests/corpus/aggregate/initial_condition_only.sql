-- from
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
-- to
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '1');
