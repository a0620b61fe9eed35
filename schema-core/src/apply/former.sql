-- The schemas with a table named $1 that has column $2, and has no column $3.
SELECT n.nspname::pg_catalog.text
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname::pg_catalog.text = $1 AND c.relkind IN ('r', 'p')
  AND EXISTS (
      SELECT FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attname::pg_catalog.text = $2 AND NOT a.attisdropped
  )
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attname::pg_catalog.text = $3 AND NOT a.attisdropped
  )
ORDER BY 1
