-- roles: pairs_app
-- both
CREATE TYPE e AS ENUM ('a');
CREATE DOMAIN d AS integer;
CREATE TYPE c AS (a integer);
CREATE TYPE r AS RANGE (SUBTYPE = integer);
-- from
GRANT USAGE ON TYPE e TO pairs_app;
-- to
REVOKE ALL ON TYPE e FROM PUBLIC;
GRANT USAGE ON DOMAIN d TO pairs_app;
REVOKE ALL ON TYPE c FROM PUBLIC;
GRANT USAGE ON TYPE r TO pairs_app;
