-- What objects of the typed model are called. $1, $2, $3: classes, objects and columns.
SELECT
    wanted.class, wanted.oid, wanted.sub,
    CASE
        WHEN member.extname IS NOT NULL THEN 'extension'
        WHEN n.oid IS NOT NULL THEN 'schema'
        WHEN t.oid IS NOT NULL THEN 'type'
        WHEN con.contypid <> 0 THEN 'type'
        WHEN con.oid IS NOT NULL THEN 'constraint'
        WHEN identity_column.attname IS NOT NULL THEN 'column'
        WHEN c.relkind = 'S' THEN 'sequence'
        WHEN c.relkind IN ('i', 'I') THEN CASE WHEN keys.conname IS NOT NULL THEN 'constraint' ELSE 'index' END
        WHEN a.attname IS NOT NULL THEN 'column'
        WHEN c.oid IS NOT NULL THEN 'table'
        ELSE ''
    END,
    (
        SELECT nspname::text
        FROM pg_namespace
        WHERE oid = coalesce(t.typnamespace, c.relnamespace, table_of.relnamespace, domain_of.typnamespace)
    ),
    coalesce(member.extname, n.nspname, t.typname, domain_of.typname, table_of.relname, keys_of.relname, identity_table.relname, c.relname)::text,
    coalesce(con.conname, keys.conname, a.attname, identity_column.attname)::text
FROM unnest($1::oid[], $2::oid[], $3::int4[]) AS wanted (class, oid, sub)
LEFT JOIN LATERAL (
    SELECT e.extname
    FROM pg_extension e
    WHERE wanted.class = 'pg_extension'::regclass AND e.oid = wanted.oid
        OR e.oid = (
            SELECT d.refobjid FROM pg_depend d WHERE d.classid = wanted.class AND d.objid = wanted.oid AND d.deptype = 'e' LIMIT 1
        )
) member ON true
LEFT JOIN pg_namespace n ON wanted.class = 'pg_namespace'::regclass AND n.oid = wanted.oid
LEFT JOIN pg_type t ON wanted.class = 'pg_type'::regclass AND t.oid = wanted.oid
LEFT JOIN pg_constraint con ON wanted.class = 'pg_constraint'::regclass AND con.oid = wanted.oid
LEFT JOIN pg_class table_of ON table_of.oid = con.conrelid
LEFT JOIN pg_type domain_of ON domain_of.oid = con.contypid
LEFT JOIN pg_class c ON wanted.class = 'pg_class'::regclass AND c.oid = wanted.oid
LEFT JOIN pg_constraint keys ON c.relkind IN ('i', 'I') AND keys.conindid = c.oid AND keys.contype IN ('p', 'u', 'x')
LEFT JOIN pg_class keys_of ON keys_of.oid = keys.conrelid
LEFT JOIN pg_attribute a ON wanted.class = 'pg_class'::regclass AND a.attrelid = wanted.oid AND a.attnum = wanted.sub AND wanted.sub > 0
LEFT JOIN pg_depend identity_of
    ON c.relkind = 'S' AND identity_of.classid = 'pg_class'::regclass AND identity_of.objid = c.oid
    AND identity_of.refclassid = 'pg_class'::regclass AND identity_of.deptype = 'i'
LEFT JOIN pg_class identity_table ON identity_table.oid = identity_of.refobjid
LEFT JOIN pg_attribute identity_column
    ON identity_column.attrelid = identity_of.refobjid AND identity_column.attnum = identity_of.refobjsubid
