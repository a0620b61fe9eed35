-- from
CREATE TYPE address AS (street text, zip text, n integer);
-- to
CREATE TYPE address AS (street varchar(20), n bigint);
