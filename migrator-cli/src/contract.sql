-- All that can be read and written by name, a row for each column.
SELECT namespace.nspname::text AS schema, class.relname::text AS name, attribute.attname::text AS column
FROM pg_catalog.pg_class AS class
JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
LEFT JOIN pg_catalog.pg_attribute AS attribute
    ON attribute.attrelid = class.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
WHERE class.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND namespace.nspname <> 'information_schema'
  AND namespace.nspname !~ '^pg_'
