-- Whether a shim stands: a view by the name of the table, or a column with a trigger on its table.
SELECT EXISTS (
    SELECT
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a
        ON a.attrelid = c.oid AND a.attname = $3 AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.nspname = $1 AND c.relname = $2
        AND CASE
            WHEN c.relkind = 'v' THEN $3::text IS NULL OR a.attnum IS NOT NULL
            ELSE a.attnum IS NOT NULL
                AND EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
        END
)
