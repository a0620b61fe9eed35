-- Tables, be they ordinary, partitioned or foreign, and sequences. $1: schemas; $2, $3: schemas and names of the only tables, or null.
SELECT
    c.oid,
    c.relnamespace,
    c.relname,
    c.relpersistence = 'u',
    c.reloptions,
    toast.reloptions,
    tablespace.spcname,
    d.description,
    format_type(s.seqtypid, NULL),
    s.seqstart,
    s.seqincrement,
    s.seqmin,
    s.seqmax,
    s.seqcache,
    s.seqcycle,
    owner.refobjid,
    owner.refobjsubid::int2,
    owner.deptype = 'i',
    pg_get_partkeydef(c.oid),
    CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,
    parents.schemas,
    parents.names,
    of_type_schema.nspname,
    of_type.typname,
    server.srvname,
    ft.ftoptions,
    nullif(am.amname, 'heap')
FROM pg_class c
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
LEFT JOIN pg_tablespace tablespace ON tablespace.oid = c.reltablespace
LEFT JOIN pg_description d
    ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
LEFT JOIN pg_sequence s ON s.seqrelid = c.oid
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_type of_type ON of_type.oid = nullif(c.reloftype, 0)
LEFT JOIN pg_namespace of_type_schema ON of_type_schema.oid = of_type.typnamespace
LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid
LEFT JOIN pg_foreign_server server ON server.oid = ft.ftserver
LEFT JOIN (
    SELECT
        i.inhrelid,
        array_agg(n.nspname::text ORDER BY i.inhseqno) AS schemas,
        array_agg(parent.relname::text ORDER BY i.inhseqno) AS names
    FROM pg_inherits i
    JOIN pg_class parent ON parent.oid = i.inhparent AND parent.relkind IN ('r', 'p', 'f')
    JOIN pg_namespace n ON n.oid = parent.relnamespace
    GROUP BY i.inhrelid
) parents ON parents.inhrelid = c.oid
LEFT JOIN pg_depend owner
    ON owner.classid = 'pg_class'::regclass AND owner.objid = c.oid AND c.relkind = 'S'
    AND owner.refclassid = 'pg_class'::regclass AND owner.refobjsubid > 0
    AND owner.deptype IN ('a', 'i')
WHERE c.relnamespace = ANY ($1)
    AND (
        c.relkind = 'S'
        OR c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
        AND (
            $2::text[] IS NULL
            OR (c.relnamespace, c.relname) IN (
                SELECT n.oid, only_table.name
                FROM unnest($2::text[], $3::text[]) AS only_table (schema, name)
                JOIN pg_namespace n ON n.nspname = only_table.schema
            )
        )
    )
    AND NOT EXISTS (
        SELECT FROM pg_depend e
        WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
    )
