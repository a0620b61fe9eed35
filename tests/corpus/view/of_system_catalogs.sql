-- from
-- to
CREATE VIEW sizes AS SELECT c.relname, pg_total_relation_size(c.oid::regclass) AS bytes FROM pg_class c WHERE c.relkind = 'r';
CREATE VIEW settings AS SELECT name, setting FROM pg_settings;
CREATE VIEW columns AS SELECT table_name, column_name FROM information_schema.columns;
