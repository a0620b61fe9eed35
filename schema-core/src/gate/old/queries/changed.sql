-- Relations that use types and functions which were changed. $1: the first transaction that counts.
WITH RECURSIVE type(oid) AS (
    SELECT enumtypid FROM pg_enum WHERE xmin::text::int8 >= $1
    UNION SELECT oid FROM pg_type WHERE xmin::text::int8 >= $1 AND typtype IN ('d', 'e', 'r')
    UNION SELECT contypid FROM pg_constraint WHERE xmin::text::int8 >= $1 AND contypid <> 0
), wider(oid) AS (
    SELECT oid FROM type
    UNION SELECT t.oid FROM wider JOIN pg_type t ON wider.oid IN (t.typelem, t.typbasetype)
), routine(oid) AS (
    SELECT oid FROM pg_proc WHERE xmin::text::int8 >= $1
)
SELECT a.attrelid::int8 FROM pg_attribute a JOIN wider ON wider.oid = a.atttypid
UNION SELECT g.tgrelid::int8 FROM pg_trigger g JOIN routine ON routine.oid = g.tgfoid
UNION SELECT coalesce(nullif(k.conrelid, 0), p.polrelid, v.adrelid, r.ev_class)::int8
FROM routine
JOIN pg_depend d ON d.refclassid = 'pg_proc'::regclass AND d.refobjid = routine.oid
LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
LEFT JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
LEFT JOIN pg_attrdef v ON d.classid = 'pg_attrdef'::regclass AND v.oid = d.objid
LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
WHERE coalesce(nullif(k.conrelid, 0), p.polrelid, v.adrelid, r.ev_class) IS NOT NULL
