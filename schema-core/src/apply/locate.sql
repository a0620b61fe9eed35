SELECT n.nspname::pg_catalog.text
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname::pg_catalog.text = $1 AND c.relkind IN ('r', 'p')
ORDER BY 1
