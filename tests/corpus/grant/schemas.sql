-- roles: pairs_app, pairs_reader
-- both
CREATE SCHEMA s;
-- from
GRANT USAGE ON SCHEMA s TO pairs_app;
-- to
GRANT USAGE, CREATE ON SCHEMA s TO pairs_app;
GRANT USAGE ON SCHEMA s TO pairs_reader WITH GRANT OPTION;
