-- Indexes of tables, those of constraints included. $1: tables.
-- The definition and the keys in it are only there where an element can have more than a column
-- and an order: an expression, a named operator class or one with parameters, a collation.
SELECT
    i.indexrelid,
    i.indrelid,
    c.relname,
    am.amname,
    i.indisunique,
    -- That of a partitioned table is as valid as its parts.
    i.indisvalid OR c.relkind = 'I',
    i.indnullsnotdistinct,
    i.indnkeyatts,
    i.indkey::text,
    i.indoption::text,
    c.reloptions,
    tablespace.spcname,
    pg_get_expr(i.indpred, i.indrelid),
    CASE WHEN i.indexprs IS NOT NULL OR i.indpred IS NOT NULL THEN ARRAY (
        SELECT DISTINCT used.refobjsubid::int2
        FROM pg_depend used
        WHERE used.classid = 'pg_class'::regclass AND used.objid = i.indexrelid
            AND used.refclassid = 'pg_class'::regclass AND used.refobjid = i.indrelid
            AND used.refobjsubid > 0
    ) END,
    CASE WHEN special.elements THEN pg_get_indexdef(i.indexrelid) || ARRAY (
        SELECT pg_get_indexdef(i.indexrelid, key, false)
        FROM generate_series(1, i.indnkeyatts) key
        ORDER BY key
    ) END,
    d.description,
    parent.relname
FROM (SELECT false AS indnullsnotdistinct) before_15
CROSS JOIN LATERAL (
    SELECT
        indexrelid, indrelid, indisunique, indisvalid, indnkeyatts, indkey, indoption, indclass,
        indcollation, indexprs, indpred, indnullsnotdistinct
    FROM pg_index
) i
JOIN pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_inherits part ON part.inhrelid = i.indexrelid
LEFT JOIN pg_class parent ON parent.oid = part.inhparent
JOIN pg_am am ON am.oid = c.relam
CROSS JOIN LATERAL (
    SELECT i.indexprs IS NOT NULL
        OR am.amname NOT IN ('btree', 'hash')
        OR i.indclass::oid[] && ARRAY (SELECT oid FROM pg_opclass WHERE NOT opcdefault)
        OR NOT i.indcollation::oid[] <@ ARRAY[0, 'pg_catalog."default"'::regcollation]::oid[]
        OR i.indrelid = ANY (ARRAY (
            SELECT attrelid
            FROM pg_attribute
            WHERE attcollation NOT IN (0, 'pg_catalog."default"'::regcollation)
                AND attrelid = ANY ($1) AND attnum > 0
        )) AS elements
) special
LEFT JOIN pg_tablespace tablespace ON tablespace.oid = c.reltablespace
LEFT JOIN pg_description d
    ON d.objoid = i.indexrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
WHERE i.indrelid = ANY ($1)
