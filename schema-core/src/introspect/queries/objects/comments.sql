-- Comments on what is no table, column, constraint, index, sequence, enum, domain or schema. $1: schemas.
-- The name is only there where the object itself does not tell it.
SELECT
    d.classoid, d.objoid, d.objsubid, d.description,
    CASE
        WHEN d.classoid = 'pg_class'::regclass AND d.objsubid > 0
            THEN format('COLUMN %s.%I', CASE WHEN c.relkind = 'c' THEN format_type(c.reltype, NULL) ELSE c.oid::regclass::text END, a.attname)
        WHEN d.classoid = 'pg_class'::regclass AND c.relkind IN ('i', 'I') THEN 'INDEX ' || c.oid::regclass
        WHEN d.classoid = 'pg_constraint'::regclass AND con.contypid <> 0
            THEN format('CONSTRAINT %I ON DOMAIN %s', con.conname, format_type(con.contypid, NULL))
        WHEN d.classoid = 'pg_extension'::regclass THEN format('EXTENSION %I', e.extname)
    END,
    CASE WHEN d.classoid = 'pg_constraint'::regclass THEN 'pg_type'::regclass::oid END,
    con.contypid
FROM pg_description d
LEFT JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid
LEFT JOIN pg_attribute a ON d.classoid = 'pg_class'::regclass AND a.attrelid = d.objoid AND a.attnum = d.objsubid
LEFT JOIN pg_constraint con ON d.classoid = 'pg_constraint'::regclass AND con.oid = d.objoid
LEFT JOIN pg_extension e ON d.classoid = 'pg_extension'::regclass AND e.oid = d.objoid
WHERE d.objoid >= 16384
    AND CASE
        WHEN d.classoid = 'pg_class'::regclass
            THEN c.relkind IN ('v', 'm', 'c')
                OR c.relkind = 'i' AND EXISTS (
                    SELECT FROM pg_index i JOIN pg_class of ON of.oid = i.indrelid WHERE i.indexrelid = c.oid AND of.relkind = 'm'
                )
                -- The index of a constraint can have one of its own.
                OR c.relkind IN ('i', 'I') AND EXISTS (
                    SELECT FROM pg_constraint WHERE conindid = c.oid AND contype IN ('p', 'u', 'x')
                )
        WHEN d.classoid = 'pg_constraint'::regclass THEN con.contypid <> 0
        WHEN d.classoid = 'pg_extension'::regclass
            THEN e.extname <> 'plpgsql' AND d.description IS DISTINCT FROM (
                SELECT available.comment FROM pg_available_extensions() available WHERE available.name = e.extname
            )
        ELSE true
    END
