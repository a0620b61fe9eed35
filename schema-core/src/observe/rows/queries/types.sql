-- Types as JSON, one a row, with all that they are made of. $1: their OIDs.
WITH RECURSIVE used(oid) AS (
    SELECT unnest($1::int8[])::oid
    UNION
    SELECT inner_type.oid
    FROM used
    JOIN pg_type t ON t.oid = used.oid
    LEFT JOIN pg_range r ON r.rngtypid = t.oid OR r.rngmultitypid = t.oid
    CROSS JOIN LATERAL (
        SELECT t.typelem WHERE t.typelem <> 0
        UNION ALL SELECT t.typbasetype WHERE t.typbasetype <> 0
        UNION ALL SELECT r.rngsubtype WHERE r.rngsubtype IS NOT NULL AND t.typtype = 'r'
        UNION ALL SELECT r.rngtypid WHERE r.rngtypid IS NOT NULL AND t.typtype = 'm'
        UNION ALL SELECT a.atttypid FROM pg_attribute a
            WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
    ) AS inner_type(oid)
)
SELECT json_build_object(
    'oid', t.oid::int8,
    'name', t.typname,
    'spelling', format_type(t.oid, -1),
    'kind', t.typtype,
    'category', t.typcategory,
    'element', CASE WHEN t.typcategory = 'A' THEN t.typelem::int8 ELSE 0 END,
    'base', t.typbasetype::int8,
    'modifier', t.typtypmod,
    'subtype', coalesce((SELECT CASE t.typtype WHEN 'r' THEN rngsubtype ELSE rngtypid END::int8
        FROM pg_range WHERE rngtypid = t.oid OR rngmultitypid = t.oid), 0),
    'labels', CASE WHEN t.typtype = 'e' THEN (
        SELECT coalesce(json_agg(enumlabel ORDER BY enumsortorder), '[]')
        FROM pg_enum WHERE enumtypid = t.oid) ELSE '[]' END,
    'fields', CASE WHEN t.typtype = 'c' THEN (
        SELECT coalesce(json_agg(json_build_object('type', atttypid::int8, 'modifier', atttypmod) ORDER BY attnum), '[]')
        FROM pg_attribute WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped) ELSE '[]' END,
    'checks', CASE WHEN t.typtype = 'd' THEN (
        SELECT coalesce(json_agg(pg_get_expr(conbin, 0) ORDER BY conname), '[]')
        FROM pg_constraint WHERE contypid = t.oid AND contype = 'c') ELSE '[]' END,
    'not_null', t.typnotnull
)::text
FROM pg_type t
WHERE t.oid IN (SELECT oid FROM used)
