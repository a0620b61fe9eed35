-- Every table and view by its number, with a fingerprint of each sort of what it is made of.
SELECT
    c.oid::int8 AS oid,
    n.nspname AS schema,
    c.relname AS name,
    jsonb_build_object(
        'name', n.nspname || '.' || c.relname,
        'columns', (
            SELECT md5(string_agg(concat_ws(':', a.attnum, a.xmin, d.xmin, b.description), ',' ORDER BY a.attnum))
            FROM pg_attribute a
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            LEFT JOIN pg_description b ON b.classoid = 'pg_class'::regclass AND b.objoid = a.attrelid AND b.objsubid = a.attnum
            WHERE a.attrelid = c.oid AND a.attnum > 0
        ),
        'constraints', (
            SELECT md5(string_agg(concat_ws(':', o.oid, o.xmin), ',' ORDER BY o.oid))
            FROM pg_constraint o
            WHERE o.conrelid = c.oid
        ),
        'indexes', (
            SELECT md5(string_agg(concat_ws(':', i.indexrelid, i.xmin, x.relname), ',' ORDER BY i.indexrelid))
            FROM pg_index i
            JOIN pg_class x ON x.oid = i.indexrelid
            WHERE i.indrelid = c.oid
                AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x'))
        ),
        'triggers', (
            SELECT md5(string_agg(concat_ws(':', t.oid, t.xmin), ',' ORDER BY t.oid))
            FROM pg_trigger t
            WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
        ),
        'policies', (
            SELECT md5(string_agg(concat_ws(':', p.oid, p.xmin), ',' ORDER BY p.oid) || c.relrowsecurity || c.relforcerowsecurity)
            FROM pg_policy p
            WHERE p.polrelid = c.oid
        ),
        'query', (
            SELECT md5(string_agg(concat_ws(':', r.oid, r.xmin), ',' ORDER BY r.oid))
            FROM pg_rewrite r
            WHERE r.ev_class = c.oid
        ),
        'privileges', c.relowner::text || c.relacl::text,
        'comment', obj_description(c.oid, 'pg_class'),
        'options', concat_ws(':', c.reloptions, c.relpersistence, c.reltablespace, c.relreplident, c.relispartition, c.relrowsecurity),
        'rows', pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid)
    )::text AS parts
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
ORDER BY c.oid
