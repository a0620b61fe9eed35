-- What everything in the user's schemas is called, by what it stays under every name.
SELECT it.kind, it.id, n.nspname, it.parent, it.name
FROM (
    SELECT 'table' AS kind, c.oid::text AS id, c.relnamespace AS schema, c.relname::text AS parent, c.relname::text AS name
    FROM pg_class c
    WHERE c.relkind IN ('r', 'p')
    UNION ALL
    SELECT 'column', a.attrelid || '.' || a.attnum, c.relnamespace, c.relname, a.attname
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'enum' END, t.oid::text, t.typnamespace, t.typname, t.typname
    FROM pg_type t
    WHERE t.typtype IN ('d', 'e')
    UNION ALL
    SELECT 'label', e.oid::text, t.typnamespace, t.typname, e.enumlabel
    FROM pg_enum e
    JOIN pg_type t ON t.oid = e.enumtypid
    UNION ALL
    SELECT 'constraint', o.oid::text, c.relnamespace, c.relname, o.conname
    FROM pg_constraint o
    JOIN pg_class c ON c.oid = o.conrelid
    WHERE c.relkind IN ('r', 'p')
    UNION ALL
    SELECT 'index', i.indexrelid::text, c.relnamespace, c.relname, x.relname
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_class x ON x.oid = i.indexrelid
    WHERE NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x'))
) it
JOIN pg_namespace n ON n.oid = it.schema
WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
ORDER BY it.kind, it.id
