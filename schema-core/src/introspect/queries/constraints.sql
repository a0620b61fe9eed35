-- Constraints of tables and domains. $1: tables; $2: domains.
-- The first subquery stands in for columns that older servers lack.
SELECT
    con.conrelid,
    con.contypid,
    con.conname,
    con.contype::text,
    con.condeferrable,
    con.condeferred,
    con.convalidated,
    con.connoinherit,
    con.conindid,
    con.confrelid,
    referenced_schema.nspname,
    referenced.relname,
    con.confupdtype::text,
    con.confdeltype::text,
    con.confmatchtype = 'f',
    con.conkey,
    con.confkey,
    con.confdelsetcols,
    con.conenforced,
    con.conperiod,
    con.conislocal,
    con.coninhcount::int4,
    CASE con.contype
        WHEN 'c' THEN pg_get_expr(con.conbin, con.conrelid)
        WHEN 'x' THEN pg_get_constraintdef(con.oid)
    END,
    d.description
FROM (
    SELECT NULL::int2[] AS confdelsetcols, true AS conenforced, false AS conperiod
) before_15_and_18
CROSS JOIN LATERAL (
    SELECT
        oid, conrelid, contypid, conname, contype, condeferrable, condeferred, convalidated,
        connoinherit, conindid, confrelid, conparentid, confupdtype, confdeltype, confmatchtype,
        conkey, confkey, conbin, confdelsetcols, conenforced, conperiod, conislocal, coninhcount
    FROM pg_constraint
) con
LEFT JOIN pg_class referenced ON referenced.oid = con.confrelid
LEFT JOIN pg_namespace referenced_schema ON referenced_schema.oid = referenced.relnamespace
LEFT JOIN pg_description d ON d.objoid = con.oid AND d.classoid = 'pg_constraint'::regclass
WHERE (con.conrelid = ANY ($1) OR con.contypid = ANY ($2))
    AND con.contype IN ('p', 'u', 'f', 'c', 'x', 'n')
    -- Those that PostgreSQL makes for each partition, on either side.
    AND (con.contype <> 'f' OR con.conparentid = 0)
