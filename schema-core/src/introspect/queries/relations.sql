-- Ordinary tables and sequences. $1: schemas; $2, $3: schemas and names of the only tables, or null.
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
    owner.deptype = 'i'
FROM pg_class c
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
LEFT JOIN pg_tablespace tablespace ON tablespace.oid = c.reltablespace
LEFT JOIN pg_description d
    ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
LEFT JOIN pg_sequence s ON s.seqrelid = c.oid
LEFT JOIN pg_depend owner
    ON owner.classid = 'pg_class'::regclass AND owner.objid = c.oid AND c.relkind = 'S'
    AND owner.refclassid = 'pg_class'::regclass AND owner.refobjsubid > 0
    AND owner.deptype IN ('a', 'i')
WHERE c.relnamespace = ANY ($1)
    AND (
        c.relkind = 'S'
        OR c.relkind = 'r' AND c.relpersistence <> 't' AND NOT c.relispartition AND c.reloftype = 0
        AND NOT EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent))
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
