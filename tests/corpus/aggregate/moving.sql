-- from
CREATE AGGREGATE total(double precision) (SFUNC = float8pl, STYPE = double precision, INITCOND = '0');
-- to
CREATE AGGREGATE total(double precision) (SFUNC = float8pl, STYPE = double precision, INITCOND = '0',
    MSFUNC = float8pl, MINVFUNC = float8mi, MSTYPE = double precision, MINITCOND = '0');
