-- What views show. $1: their schemas; $2: their names.
--
-- The rule of a view keeps, for each of its columns, the table and column that it is taken from.
-- No quantifier of the expression is greedy: the first one decides for all of them.
SELECT
    vn.nspname::text,
    v.relname::text,
    bn.nspname::text,
    b.relname::text,
    va.attname::text,
    ba.attname::text,
    coalesce('security_invoker=true' = ANY (v.reloptions), false),
    v.relnatts::int
FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
JOIN pg_namespace vn ON vn.nspname = wanted.schema
JOIN pg_class v ON v.relnamespace = vn.oid AND v.relname = wanted.name AND v.relkind = 'v'
JOIN pg_rewrite r ON r.ev_class = v.oid AND r.rulename = '_RETURN'
CROSS JOIN LATERAL regexp_matches(
    r.ev_action::text, ':resno (\d+?) .*?:resorigtbl (\d+?) :resorigcol (\d+?) ', 'g'
) AS entry
JOIN pg_attribute va ON va.attrelid = v.oid AND va.attnum = entry[1]::int
JOIN pg_class b ON b.oid = entry[2]::oid
JOIN pg_namespace bn ON bn.oid = b.relnamespace
JOIN pg_attribute ba ON ba.attrelid = b.oid AND ba.attnum = entry[3]::int
ORDER BY v.oid, va.attnum
