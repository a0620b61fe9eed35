-- Relations whose rows or statements may feel what was done to others. $1: the OIDs of those.
WITH RECURSIVE whole(oid) AS (
    SELECT unnest($1::int8[])::oid
    UNION
    SELECT i.inhparent FROM whole JOIN pg_inherits i ON i.inhrelid = whole.oid
), neighbour(oid) AS (
    SELECT oid FROM whole
    UNION SELECT k.confrelid FROM whole JOIN pg_constraint k ON k.conrelid = whole.oid AND k.contype = 'f'
), related(oid) AS (
    SELECT oid FROM neighbour
    UNION
    SELECT r.ev_class
    FROM related
    JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = related.oid
        AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite r ON r.oid = d.objid
)
SELECT DISTINCT oid::int8 FROM related ORDER BY 1
