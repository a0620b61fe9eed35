-- Composite types with their attributes, and range types. $1: schemas.
SELECT
    'pg_type'::regclass::oid, t.oid, 0,
    'composite type', n.nspname::text, quote_ident(t.typname),
    'CREATE TYPE ' || format_type(t.oid, NULL) || ' AS',
    'CREATE TYPE ' || format_type(t.oid, NULL) || ' AS (' || coalesce((
        SELECT E'\n    ' || string_agg(format(
            '%I %s%s', a.attname, format_type(a.atttypid, a.atttypmod),
            ' COLLATE ' || CASE WHEN a.attcollation <> of_attribute.typcollation THEN a.attcollation::regcollation END
        ), E',\n    ' ORDER BY a.attnum) || E'\n'
        FROM pg_attribute a
        JOIN pg_type of_attribute ON of_attribute.oid = a.atttypid
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
    ), '') || ')',
    NULL::text,
    'TYPE ' || format_type(t.oid, NULL), NULL::text,
    NULL::oid, NULL::oid, 0, false, '{}'::text[]
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
WHERE t.typnamespace = ANY ($1)
UNION ALL
SELECT
    'pg_class'::regclass, c.oid, a.attnum,
    'attribute', n.nspname::text, format('%I.%I', t.typname, a.attname),
    format('ALTER TYPE %s ADD ATTRIBUTE %I %s', format_type(t.oid, NULL), a.attname, said.type), NULL,
    format('ALTER TYPE %s ALTER ATTRIBUTE %I TYPE %s', format_type(t.oid, NULL), a.attname, said.type),
    NULL, format('ALTER TYPE %s DROP ATTRIBUTE %I', format_type(t.oid, NULL), a.attname),
    'pg_type'::regclass, t.oid, 0, true, '{}'
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type of_attribute ON of_attribute.oid = a.atttypid
CROSS JOIN LATERAL (
    SELECT format_type(a.atttypid, a.atttypmod)
        || coalesce(' COLLATE ' || CASE WHEN a.attcollation <> of_attribute.typcollation THEN a.attcollation::regcollation END, '') AS type
) said
WHERE t.typnamespace = ANY ($1)
UNION ALL
SELECT
    'pg_type'::regclass, t.oid, 0,
    'range type', n.nspname::text, quote_ident(t.typname),
    'CREATE TYPE ' || format_type(t.oid, NULL) || E' AS RANGE (\n    ' || concat_ws(E',\n    ',
        'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
        CASE WHEN NOT o.opcdefault THEN format('SUBTYPE_OPCLASS = %I.%I', opclass_schema.nspname, o.opcname) END,
        'COLLATION = ' || CASE WHEN r.rngcollation <> subtype.typcollation THEN r.rngcollation::regcollation END,
        'CANONICAL = ' || nullif(r.rngcanonical, 0)::regproc,
        'SUBTYPE_DIFF = ' || nullif(r.rngsubdiff, 0)::regproc,
        'MULTIRANGE_TYPE_NAME = ' || format_type(r.rngmultitypid, NULL)
    ) || E'\n)', NULL, NULL,
    'TYPE ' || format_type(t.oid, NULL), NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type subtype ON subtype.oid = r.rngsubtype
JOIN pg_opclass o ON o.oid = r.rngsubopc
JOIN pg_namespace opclass_schema ON opclass_schema.oid = o.opcnamespace
WHERE t.typnamespace = ANY ($1)
UNION ALL
SELECT
    'pg_type'::regclass, t.oid, 0,
    'shell type', n.nspname::text, quote_ident(t.typname),
    'CREATE TYPE ' || format_type(t.oid, NULL), NULL, NULL,
    'TYPE ' || format_type(t.oid, NULL), NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'p' AND NOT t.typisdefined AND t.oid >= 16384 AND t.typnamespace = ANY ($1)
