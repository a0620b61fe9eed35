-- from
CREATE TYPE r AS RANGE (SUBTYPE = integer);
-- to
CREATE TYPE r AS RANGE (SUBTYPE = bigint, MULTIRANGE_TYPE_NAME = "Many r");
COMMENT ON TYPE r IS 'A range.';
