-- both
CREATE TYPE address AS (street text, zip text);
-- from
COMMENT ON TYPE address IS 'Old.';
COMMENT ON COLUMN address.zip IS 'Old zip.';
-- to
COMMENT ON TYPE address IS 'New.';
COMMENT ON COLUMN address.street IS 'The street.';
