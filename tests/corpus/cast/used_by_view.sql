-- from
CREATE TYPE mood AS ENUM ('0', '1');
CREATE FUNCTION to_mood(integer) RETURNS mood LANGUAGE sql IMMUTABLE AS 'SELECT $1::text::mood';
CREATE CAST (integer AS mood) WITH FUNCTION to_mood(integer);
CREATE VIEW v AS SELECT 1::mood AS m;
-- to
CREATE TYPE mood AS ENUM ('0', '1');
CREATE FUNCTION to_mood(integer) RETURNS mood LANGUAGE sql IMMUTABLE AS 'SELECT $1::text::mood';
CREATE CAST (integer AS mood) WITH FUNCTION to_mood(integer) AS IMPLICIT;
CREATE VIEW v AS SELECT 1::mood AS m;
