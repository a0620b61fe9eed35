-- Takes away the indexes that a rebuild of $1, an index or a table as named in SQL, has left beside those
-- that it was to replace.
SELECT pg_catalog.format('DROP INDEX CONCURRENTLY %I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid
  AND c.relname::pg_catalog.text ~ '_cc(new|old)[0-9]*$'
  AND i.indrelid = coalesce(
      (SELECT named.indrelid FROM pg_catalog.pg_index named WHERE named.indexrelid = pg_catalog.to_regclass($1)),
      pg_catalog.to_regclass($1)
  )
