-- from
CREATE TYPE gone AS (a integer);
-- to
CREATE TYPE address AS (street text, zip varchar(10) COLLATE "C", at timestamptz(3));
CREATE TYPE empty AS ();
