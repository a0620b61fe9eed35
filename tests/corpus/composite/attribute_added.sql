-- from
CREATE TYPE address AS (street text);
-- to
CREATE TYPE address AS (street text, zip text, tags text[]);
