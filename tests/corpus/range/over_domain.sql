-- from
CREATE DOMAIN d AS numeric CHECK (VALUE >= 0);
-- to
CREATE DOMAIN d AS numeric CHECK (VALUE >= 0);
CREATE TYPE dr AS RANGE (SUBTYPE = d, SUBTYPE_OPCLASS = numeric_ops);
