-- Publications and event triggers.
SELECT
    'pg_publication'::regclass::oid, p.oid, 0,
    'publication', NULL::text, quote_ident(p.pubname),
    format('CREATE PUBLICATION %I%s WITH (%s)', p.pubname, CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE '' END, said.options),
    NULL::text,
    format('ALTER PUBLICATION %I SET (%s)', p.pubname, said.options),
    format('PUBLICATION %I', p.pubname), NULL::text,
    NULL::oid, NULL::oid, 0, false,
    ARRAY[p.puballtables::text]
FROM (SELECT NULL::"char" AS pubgencols) before_18
CROSS JOIN LATERAL (
    SELECT oid, pubname, puballtables, pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot, pubgencols::text AS pubgencols
    FROM pg_publication
) p
CROSS JOIN LATERAL (
    SELECT concat_ws(', ',
        format('publish = %L', concat_ws(', ',
            CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
            CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END
        )),
        'publish_via_partition_root = ' || p.pubviaroot,
        CASE p.pubgencols WHEN 's' THEN 'publish_generated_columns = stored' WHEN 'n' THEN 'publish_generated_columns = none' END
    ) AS options
) said
UNION ALL
SELECT
    'pg_publication_rel'::regclass, r.oid, 0,
    'publication table', n.nspname::text, format('%I IN %I', c.relname, p.pubname),
    format(
        'ALTER PUBLICATION %I ADD TABLE ONLY %s%s%s', p.pubname, c.oid::regclass,
        ' (' || (
            SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
            FROM unnest(r.attributes) number
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = number
        ) || ')',
        ' WHERE (' || pg_get_expr(r.condition, r.prrelid) || ')'
    ), NULL, NULL,
    NULL, format('ALTER PUBLICATION %I DROP TABLE ONLY %s', p.pubname, c.oid::regclass),
    'pg_publication'::regclass, p.oid, 0, false, '{}'
FROM (SELECT NULL::pg_node_tree AS prqual, NULL::int2vector AS prattrs) before_15
CROSS JOIN LATERAL (
    SELECT oid, prpubid, prrelid, prqual AS condition, prattrs::int2[] AS attributes FROM pg_publication_rel
) r
JOIN pg_publication p ON p.oid = r.prpubid
JOIN pg_class c ON c.oid = r.prrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
UNION ALL
SELECT
    'pg_event_trigger'::regclass, e.oid, 0,
    'event trigger', NULL, quote_ident(e.evtname),
    format(
        'CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %s()', e.evtname, e.evtevent,
        E'\n    WHEN TAG IN (' || (SELECT string_agg(quote_literal(tag), ', ' ORDER BY tag) FROM unnest(e.evttags) tag) || ')',
        e.evtfoid::regproc
    ), NULL, NULL,
    format('EVENT TRIGGER %I', e.evtname), NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_event_trigger e
UNION ALL
SELECT
    NULL, NULL, 0,
    'event trigger state', NULL, quote_ident(e.evtname),
    format('ALTER EVENT TRIGGER %I %s', e.evtname, state.verb), NULL, format('ALTER EVENT TRIGGER %I %s', e.evtname, state.verb),
    NULL, format('ALTER EVENT TRIGGER %I ENABLE', e.evtname),
    'pg_event_trigger'::regclass, e.oid, 0, false, '{}'
FROM pg_event_trigger e
CROSS JOIN LATERAL (
    SELECT CASE e.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' END AS verb
) state
WHERE e.evtenabled <> 'O'
