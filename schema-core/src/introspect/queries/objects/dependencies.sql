-- What uses what, by class, object and column: rules stand for their views, the types of rows for their relations,
-- arrays for their elements, multiranges for their ranges.
SELECT
    CASE WHEN rule.rulename = '_RETURN' THEN 'pg_class'::regclass::oid ELSE d.classid END,
    CASE WHEN rule.rulename = '_RETURN' THEN rule.ev_class ELSE d.objid END,
    d.objsubid,
    CASE WHEN t.typrelid <> 0 AND c.relkind <> 'c' THEN 'pg_class'::regclass::oid ELSE d.refclassid END,
    CASE
        WHEN t.typrelid <> 0 AND c.relkind <> 'c' THEN t.typrelid
        WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem
        WHEN range.rngtypid IS NOT NULL THEN range.rngtypid
        ELSE d.refobjid
    END,
    d.refobjsubid,
    attribute_default.adrelid, attribute_default.adnum::int4,
    t.typrelid <> 0 AND c.relkind <> 'c'
FROM pg_depend d
LEFT JOIN pg_rewrite rule ON d.classid = 'pg_rewrite'::regclass AND rule.oid = d.objid
LEFT JOIN pg_type t ON d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid
LEFT JOIN pg_class c ON c.oid = t.typrelid
LEFT JOIN pg_range range ON range.rngmultitypid = t.oid
LEFT JOIN pg_attrdef attribute_default ON d.classid = 'pg_attrdef'::regclass AND attribute_default.oid = d.objid
WHERE d.deptype IN ('n', 'a') AND d.objid >= 16384 AND d.refobjid >= 16384
