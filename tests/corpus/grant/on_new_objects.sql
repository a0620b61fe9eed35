-- roles: pairs_app, pairs_owner
-- from
-- to
CREATE SCHEMA s AUTHORIZATION pairs_owner;
CREATE TABLE s.t (id bigserial PRIMARY KEY);
ALTER TABLE s.t OWNER TO pairs_owner;
CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
GRANT USAGE ON SCHEMA s TO pairs_app;
GRANT SELECT, INSERT ON s.t TO pairs_app;
GRANT USAGE ON SEQUENCE s.t_id_seq TO pairs_app;
REVOKE ALL ON FUNCTION s.f() FROM PUBLIC;
