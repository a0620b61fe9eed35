-- Enums and domains. $1: schemas.
SELECT
    t.oid,
    t.typnamespace,
    t.typname,
    t.typtype = 'd',
    labels.of_enum,
    format_type(t.typbasetype, t.typtypmod),
    CASE WHEN base.typtype = 'b' AND base.typcategory = 'A' THEN base.typelem ELSE base.oid END,
    collation_schema.nspname,
    coll.collname,
    pg_get_expr(t.typdefaultbin, 0),
    t.typnotnull,
    d.description
FROM pg_type t
LEFT JOIN pg_type base ON base.oid = t.typbasetype
LEFT JOIN pg_collation coll ON coll.oid = t.typcollation AND t.typcollation <> base.typcollation
LEFT JOIN pg_namespace collation_schema ON collation_schema.oid = coll.collnamespace
LEFT JOIN (
    SELECT enumtypid, array_agg(enumlabel::text ORDER BY enumsortorder) AS of_enum
    FROM pg_enum
    GROUP BY enumtypid
) labels ON labels.enumtypid = t.oid
LEFT JOIN pg_description d ON d.objoid = t.oid AND d.classoid = 'pg_type'::regclass
WHERE t.typtype IN ('e', 'd') AND t.typnamespace = ANY ($1)
    AND NOT EXISTS (
        SELECT FROM pg_depend e
        WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e'
    )
