-- Tables, partitions and views as JSON, one a row. $1: their OIDs, or null for all.
SELECT json_build_object(
    'oid', c.oid::int8,
    'schema', n.nspname,
    'name', c.relname,
    'kind', c.relkind,
    'partition_of', CASE WHEN c.relispartition THEN (SELECT inhparent::int8 FROM pg_inherits WHERE inhrelid = c.oid) END,
    'bound', CASE WHEN c.relispartition THEN pg_get_partition_constraintdef(c.oid) END,
    'row_security', c.relrowsecurity,
    'updatable', pg_relation_is_updatable(c.oid, false),
    'columns', (
        SELECT coalesce(json_agg(json_build_object(
            'number', a.attnum,
            'name', a.attname,
            'type', a.atttypid::int8,
            'modifier', a.atttypmod,
            'type_name', format_type(a.atttypid, a.atttypmod),
            'not_null', a.attnotnull,
            'identity', a.attidentity,
            'generated', a.attgenerated <> '',
            'has_default', a.atthasdef AND a.attgenerated = '',
            'sequence', (
                SELECT json_build_object(
                    'oid', s.seqrelid::int8, 'increment', s.seqincrement,
                    'next', coalesce(pg_sequence_last_value(s.seqrelid) + s.seqincrement, s.seqstart))
                FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = CASE d.classid
                    WHEN 'pg_class'::regclass THEN d.objid ELSE d.refobjid END
                WHERE (d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                        AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype = 'i'
                        AND a.attidentity <> '')
                    OR (d.classid = 'pg_attrdef'::regclass AND d.objid = value.oid
                        AND d.refclassid = 'pg_class'::regclass AND a.attidentity = '' AND a.attgenerated = '')
                LIMIT 1)
        ) ORDER BY a.attnum), '[]')
        FROM pg_attribute a
        LEFT JOIN pg_attrdef value ON value.adrelid = a.attrelid AND value.adnum = a.attnum
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
    'keys', (
        SELECT coalesce(json_agg(json_build_object(
            'name', x.relname,
            'primary', i.indisprimary,
            'exclusion', i.indisexclusion,
            'immediate', i.indimmediate,
            'columns', (
                SELECT json_agg(k ORDER BY place)
                FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS key(k, place)
                WHERE place <= i.indnkeyatts),
            'elements', (
                SELECT json_agg(pg_get_indexdef(i.indexrelid, place, false) ORDER BY place)
                FROM generate_series(1, i.indnkeyatts::int) AS place),
            'predicate', pg_get_expr(i.indpred, i.indrelid)
        ) ORDER BY i.indisprimary DESC, x.relname), '[]')
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
        WHERE i.indrelid = c.oid AND (i.indisunique OR i.indisexclusion) AND i.indisvalid),
    'checks', (
        SELECT coalesce(json_agg(json_build_object(
            'name', k.conname,
            'columns', coalesce(k.conkey, '{}'),
            'expression', pg_get_expr(k.conbin, k.conrelid)
        ) ORDER BY k.conname), '[]')
        FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'),
    'references', (
        SELECT coalesce(json_agg(json_build_object(
            'name', k.conname,
            'columns', k.conkey,
            'table', k.confrelid::int8,
            'referenced', k.confkey,
            'path', (
                SELECT quote_ident(there_schema.nspname) || '.' || quote_ident(there.relname)
                FROM pg_class there JOIN pg_namespace there_schema ON there_schema.oid = there.relnamespace
                WHERE there.oid = k.confrelid),
            'names', (
                SELECT json_agg(a.attname ORDER BY place)
                FROM unnest(k.confkey) WITH ORDINALITY AS key(number, place)
                JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = number)
        ) ORDER BY k.conname), '[]')
        FROM pg_constraint k
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_constraint above
            WHERE above.oid = k.conparentid AND above.conrelid = k.conrelid))
)::text
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relpersistence <> 't'
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'cargo_migrate')
    AND c.relname <> 'atlas_schema_revisions'
    AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    AND ($1::int8[] IS NULL OR c.oid::int8 = ANY ($1))
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
