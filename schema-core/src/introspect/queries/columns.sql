-- Columns of tables. $1: tables.
SELECT
    a.attrelid,
    a.attnum,
    a.attname,
    format_type(a.atttypid, a.atttypmod),
    CASE WHEN t.typtype = 'b' AND t.typcategory = 'A' THEN t.typelem ELSE t.oid END,
    a.attnotnull,
    a.attidentity::text,
    a.attgenerated::text,
    pg_get_expr(value.adbin, value.adrelid),
    collation_schema.nspname,
    coll.collname,
    CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END,
    nullif(a.attcompression, '')::text,
    d.description,
    a.attinhcount > 0 AND NOT a.attislocal,
    a.attfdwoptions
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef value ON value.adrelid = a.attrelid AND value.adnum = a.attnum
LEFT JOIN pg_collation coll ON coll.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_namespace collation_schema ON collation_schema.oid = coll.collnamespace
LEFT JOIN pg_description d
    ON d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
