-- New tables, indexes and constraints, and all columns; $1 is greater than every number of the base.
WITH tables AS (
    SELECT c.oid, c.relname, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'cargo_migrate')
)
SELECT 'table' AS kind, t.oid::int8 AS oid, t.oid::int8 AS table_oid, t.nspname::text AS schema,
       t.relname::text AS "table", t.relname::text AS name, 0::int2 AS number
FROM tables t WHERE t.oid::int8 >= $1
UNION ALL
SELECT 'column', t.oid::int8, t.oid::int8, t.nspname::text, t.relname::text, a.attname::text, a.attnum
FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'index', x.indexrelid::int8, t.oid::int8, t.nspname::text, t.relname::text, i.relname::text, 0::int2
FROM tables t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
WHERE x.indexrelid::int8 >= $1 AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype <> 'f')
UNION ALL
SELECT 'constraint', k.oid::int8, t.oid::int8, t.nspname::text, t.relname::text, k.conname::text, 0::int2
FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid
WHERE k.oid::int8 >= $1 AND k.contype IN ('c', 'f', 'p', 'u', 'x')
ORDER BY table_oid, oid, number
