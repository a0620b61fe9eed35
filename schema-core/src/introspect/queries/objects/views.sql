-- Views and materialized views, the defaults of views' columns and the indexes of materialized views.
-- $1: schemas.
SELECT
    'pg_class'::regclass::oid, c.oid, 0,
    CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
    n.nspname::text, quote_ident(c.relname),
    made.head || made.body,
    CASE
        WHEN c.relkind = 'm' THEN made.head || made.body
            || CASE WHEN c.relispopulated THEN '' ELSE E'\nWITH NO DATA' END
    END,
    CASE WHEN c.relkind = 'v' THEN replace(made.head, 'CREATE VIEW', 'CREATE OR REPLACE VIEW') || made.body END,
    CASE c.relkind WHEN 'v' THEN 'VIEW ' ELSE 'MATERIALIZED VIEW ' END || c.oid::regclass,
    NULL::text, NULL::oid, NULL::oid, 0, false,
    ARRAY (
        SELECT format('%I %s %s', a.attname, format_type(a.atttypid, a.atttypmod), nullif(a.attcollation, 0)::regcollation)
        FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
    )
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
CROSS JOIN LATERAL (
    SELECT
        CASE c.relkind WHEN 'v' THEN 'CREATE VIEW ' ELSE 'CREATE MATERIALIZED VIEW ' END
        || c.oid::regclass
        || CASE WHEN c.relkind = 'm' THEN ' (' || (
            SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
            FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ) || ')' ELSE '' END
        || coalesce(' USING ' || quote_ident(nullif(am.amname, 'heap')), '')
        || coalesce(' WITH (' || (
            SELECT string_agg(
                format('%s = %L', split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)), ', ' ORDER BY place
            )
            FROM unnest(c.reloptions) WITH ORDINALITY said (o, place)
        ) || ')', '')
        || coalesce(' TABLESPACE ' || quote_ident(t.spcname), '') || E' AS\n' AS head,
        rtrim(pg_get_viewdef(c.oid), ';') AS body
) made
WHERE c.relkind IN ('v', 'm') AND c.relnamespace = ANY ($1)
UNION ALL
SELECT
    'pg_attrdef'::regclass, d.oid, 0,
    'view default', n.nspname::text, format('%I.%I', c.relname, a.attname),
    format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', c.oid::regclass, a.attname, pg_get_expr(d.adbin, d.adrelid)),
    NULL,
    format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', c.oid::regclass, a.attname, pg_get_expr(d.adbin, d.adrelid)),
    NULL, format('ALTER VIEW %s ALTER COLUMN %I DROP DEFAULT', c.oid::regclass, a.attname),
    'pg_class'::regclass, c.oid, 0, false, '{}'
FROM pg_attrdef d
JOIN pg_class c ON c.oid = d.adrelid AND c.relkind = 'v'
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE c.relnamespace = ANY ($1)
UNION ALL
SELECT
    'pg_class'::regclass, i.indexrelid, 0,
    'index', n.nspname::text, quote_ident(c.relname),
    pg_get_indexdef(i.indexrelid) || coalesce(' TABLESPACE ' || quote_ident(t.spcname), ''), NULL, NULL,
    'INDEX ' || i.indexrelid::regclass, NULL,
    'pg_class'::regclass, i.indrelid, 0, false, '{}'
FROM pg_index i
JOIN pg_class of_view ON of_view.oid = i.indrelid AND of_view.relkind = 'm'
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
WHERE c.relnamespace = ANY ($1)
