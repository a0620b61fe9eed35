-- Up to three things that a fresh database does not have, or the schema $3 if that is given; $1 and $2 are name
-- and schema of the history table, $4 the names of other tools' tables.
WITH own AS (
    SELECT oid, nspname
    FROM pg_catalog.pg_namespace
    WHERE nspname NOT IN ('information_schema', 'public')
      AND nspname NOT LIKE 'pg\_%'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = pg_namespace.oid AND d.deptype = 'e')
),
searched AS (
    SELECT oid, nspname FROM own WHERE $3::pg_catalog.text IS NULL
    UNION ALL
    SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname::pg_catalog.text = coalesce($3, 'public')
),
objects AS (
    SELECT 1 AS rank, c.oid, pg_catalog.format('relation %I.%I', s.nspname, c.relname) AS name
    FROM pg_catalog.pg_class c
    JOIN searched s ON s.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND NOT (c.relname::pg_catalog.text = $1 AND s.nspname::pg_catalog.text = $2)
      AND c.relname::pg_catalog.text <> ALL ($4)
      AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend d
          JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
            AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND t.relname::pg_catalog.text = ANY ($4)
      )
    UNION ALL
    SELECT 2, t.oid, pg_catalog.format('type %I.%I', s.nspname, t.typname)
    FROM pg_catalog.pg_type t
    JOIN searched s ON s.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
    WHERE t.typtype IN ('d', 'e', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')
    UNION ALL
    SELECT 3, p.oid, pg_catalog.format('function %I.%I', s.nspname, p.proname)
    FROM pg_catalog.pg_proc p
    JOIN searched s ON s.oid = p.pronamespace
    UNION ALL
    SELECT 4, own.oid, pg_catalog.format('schema %I', own.nspname)
    FROM own
    WHERE own.nspname::pg_catalog.text <> $2 AND $3 IS NULL
      AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_class c
          WHERE c.relnamespace = own.oid AND c.relname::pg_catalog.text = ANY ($4)
      )
)
SELECT name
FROM objects
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = objects.oid AND d.deptype = 'e')
ORDER BY rank, name
LIMIT 3
