-- both
CREATE EXTENSION postgres_fdw;
-- from
-- to
CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'far.example', dbname 'x', port '5432');
CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (user 'u', password 'p');
CREATE FOREIGN TABLE t (id integer OPTIONS (column_name 'the_id'), b text) SERVER far OPTIONS (schema_name 'public', table_name 't');
