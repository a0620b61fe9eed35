-- roles: pairs_app
-- from
REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- to
GRANT ALL ON SCHEMA public TO PUBLIC;
GRANT USAGE ON SCHEMA public TO pairs_app;
