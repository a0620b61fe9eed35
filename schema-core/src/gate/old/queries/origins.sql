-- Columns of relations. $1: their OIDs.
SELECT a.attrelid, a.attnum, n.nspname::text, c.relname::text, a.attname::text,
    format_type(a.atttypid, a.atttypmod),
    CASE WHEN c.relkind IN ('r', 'p') THEN a.attnotnull END
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
