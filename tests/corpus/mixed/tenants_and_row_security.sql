-- roles: pairs_app, pairs_owner
-- from
CREATE SCHEMA app;
CREATE TABLE app.note (id integer PRIMARY KEY, body text);
-- to
CREATE SCHEMA app AUTHORIZATION pairs_owner;
CREATE FUNCTION app.tenant() RETURNS uuid LANGUAGE sql STABLE RETURN NULLIF(current_setting('app.tenant', true), '')::uuid;
CREATE TABLE app.tenant_list (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
CREATE TABLE app.note (id integer PRIMARY KEY, body text, tenant uuid NOT NULL DEFAULT app.tenant() REFERENCES app.tenant_list);
ALTER TABLE app.note ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.note FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON app.note AS RESTRICTIVE USING (tenant = app.tenant()) WITH CHECK (tenant = app.tenant());
GRANT USAGE ON SCHEMA app TO pairs_app;
GRANT SELECT, INSERT, UPDATE (body) ON app.note TO pairs_app;
ALTER DEFAULT PRIVILEGES FOR ROLE pairs_owner IN SCHEMA app GRANT SELECT ON TABLES TO pairs_app;
