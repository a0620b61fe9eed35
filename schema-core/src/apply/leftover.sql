-- Takes away an invalid index $1 of table $2, which is a name as in SQL.
SELECT pg_catalog.format('DROP INDEX CONCURRENTLY %I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid
  AND c.relname::pg_catalog.text = $1
  AND i.indrelid = pg_catalog.to_regclass($2)
