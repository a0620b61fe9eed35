-- What is said of tables, columns and statistics objects beside their definition. $1: schemas.
SELECT
    'pg_statistic_ext'::regclass::oid, s.oid, 0,
    'statistics', n.nspname::text, quote_ident(s.stxname),
    -- Its columns are in the order of the table, which is none of its own.
    format(
        'STATISTICS (%s) ON %s %s FROM %s', s.stxkind,
        (
            SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname)
            FROM unnest(s.stxkeys::int2[]) key
            JOIN pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = key
        ),
        pg_get_statisticsobjdef_expressions(s.oid)::text, s.stxrelid::regclass
    ),
    pg_get_statisticsobjdef(s.oid), NULL::text,
    format('STATISTICS %I.%I', n.nspname, s.stxname), NULL::text,
    'pg_class'::regclass::oid, s.stxrelid, 0, false, '{}'::text[]
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE s.stxnamespace = ANY ($1)
UNION ALL
SELECT
    NULL, NULL, 0,
    'statistics target', n.nspname::text, quote_ident(s.stxname),
    format('ALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname, s.stxstattarget), NULL,
    format('ALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname, s.stxstattarget),
    NULL, format('ALTER STATISTICS %I.%I SET STATISTICS -1', n.nspname, s.stxname),
    'pg_statistic_ext'::regclass, s.oid, 0, false, '{}'
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE s.stxstattarget >= 0 AND s.stxnamespace = ANY ($1)
UNION ALL
SELECT
    NULL, NULL, 0,
    'column statistics', n.nspname::text, said.name,
    said.alter || ' SET STATISTICS ' || a.attstattarget, NULL, said.alter || ' SET STATISTICS ' || a.attstattarget,
    NULL, said.alter || ' SET STATISTICS -1',
    'pg_class'::regclass, c.oid, CASE c.relkind WHEN 'm' THEN 0 WHEN 'i' THEN 0 WHEN 'I' THEN 0 ELSE a.attnum END, false, '{}'
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN c.relkind IN ('i', 'I') THEN format('%I.%s', c.relname, a.attnum) ELSE format('%I.%I', c.relname, a.attname) END AS name,
        CASE c.relkind
            WHEN 'm' THEN format('ALTER MATERIALIZED VIEW %s ALTER COLUMN %I', c.oid::regclass, a.attname)
            WHEN 'f' THEN format('ALTER FOREIGN TABLE %s ALTER COLUMN %I', c.oid::regclass, a.attname)
            WHEN 'i' THEN format('ALTER INDEX %s ALTER COLUMN %s', c.oid::regclass, a.attnum)
            WHEN 'I' THEN format('ALTER INDEX %s ALTER COLUMN %s', c.oid::regclass, a.attnum)
            ELSE format('ALTER TABLE ONLY %s ALTER COLUMN %I', c.oid::regclass, a.attname)
        END AS alter
) said
WHERE a.attstattarget >= 0 AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relkind IN ('r', 'p', 'm', 'f', 'i', 'I') AND c.relnamespace = ANY ($1)
    -- All but system tables and, before 17, what is not indexed by expression.
    AND (c.relkind NOT IN ('i', 'I') OR a.attstattarget > 0)
UNION ALL
SELECT
    NULL, NULL, 0,
    'column option', n.nspname::text, format('%I.%I %s', c.relname, a.attname, split_part(o, '=', 1)),
    said.alter || format(' SET (%s = %L)', split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)), NULL,
    said.alter || format(' SET (%s = %L)', split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)),
    NULL, said.alter || format(' RESET (%s)', split_part(o, '=', 1)),
    'pg_class'::regclass, c.oid, CASE c.relkind WHEN 'm' THEN 0 ELSE a.attnum END, false, '{}'
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT CASE c.relkind WHEN 'm' THEN 'ALTER MATERIALIZED VIEW ' WHEN 'f' THEN 'ALTER FOREIGN TABLE ' ELSE 'ALTER TABLE ONLY ' END
        || c.oid::regclass || ' ALTER COLUMN ' || quote_ident(a.attname) AS alter
) said
CROSS JOIN LATERAL unnest(a.attoptions) o
WHERE c.relkind IN ('r', 'p', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace = ANY ($1)
UNION ALL
SELECT
    NULL, NULL, 0,
    'replica identity', n.nspname::text, format('ON %I', c.relname),
    format('ALTER TABLE ONLY %s REPLICA IDENTITY %s', c.oid::regclass, said.identity), NULL,
    format('ALTER TABLE ONLY %s REPLICA IDENTITY %s', c.oid::regclass, said.identity),
    NULL, format('ALTER TABLE ONLY %s REPLICA IDENTITY DEFAULT', c.oid::regclass),
    'pg_class'::regclass, CASE c.relreplident WHEN 'i' THEN i.indexrelid ELSE c.oid END, 0, false, '{}'
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisreplident
LEFT JOIN pg_class index ON index.oid = i.indexrelid
CROSS JOIN LATERAL (
    SELECT CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' ELSE 'USING INDEX ' || quote_ident(index.relname) END AS identity
) said
WHERE c.relkind IN ('r', 'p', 'm') AND c.relreplident <> 'd' AND said.identity IS NOT NULL AND c.relnamespace = ANY ($1)
UNION ALL
SELECT
    NULL, NULL, 0,
    'cluster', n.nspname::text, format('ON %I', c.relname),
    format('ALTER %s %s CLUSTER ON %I', said.kind, c.oid::regclass, index.relname), NULL,
    format('ALTER %s %s CLUSTER ON %I', said.kind, c.oid::regclass, index.relname),
    NULL, format('ALTER %s %s SET WITHOUT CLUSTER', said.kind, c.oid::regclass),
    'pg_class'::regclass, i.indexrelid, 0, false, '{}'
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_class index ON index.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS kind) said
WHERE i.indisclustered AND c.relnamespace = ANY ($1)
