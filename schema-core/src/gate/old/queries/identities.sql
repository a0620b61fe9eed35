-- What is under these names, as JSON. $1: names as SQL.
SELECT path.name, json_build_object(
    'relation', json_build_array(
        c.oid::int8, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relowner::int8,
        CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
        (SELECT json_agg(relid::oid::int8 ORDER BY relid) FROM pg_partition_tree(c.oid) WHERE c.relkind = 'p'),
        (SELECT json_agg(concat_ws(' ', polname, polcmd, polpermissive, polroles,
                pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) ORDER BY polname)
            FROM pg_policy WHERE polrelid = c.oid)),
    'columns', (SELECT json_object_agg(attname, attnum) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped)
)::text
FROM unnest($1::text[]) AS path(name)
JOIN pg_class c ON c.oid = to_regclass(path.name)
