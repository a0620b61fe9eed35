-- from
-- to
CREATE SCHEMA ext;
CREATE EXTENSION cube SCHEMA ext;
CREATE EXTENSION earthdistance SCHEMA ext;
CREATE EXTENSION "uuid-ossp" SCHEMA ext;
CREATE TABLE t (id uuid DEFAULT ext.uuid_generate_v4(), place ext.cube);
