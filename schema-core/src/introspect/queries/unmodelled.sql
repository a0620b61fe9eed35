-- What is there beside the model. $1: schemas; $2: their names.
WITH found (classid, objid) AS (
    SELECT 'pg_class'::regclass, c.oid
    FROM pg_class c
    WHERE c.relnamespace = ANY ($1)
        AND c.relkind IN ('v', 'm')
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid
    FROM pg_type t
    LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.typtype IN ('b', 'r') AND t.typcategory <> 'A' OR c.relkind = 'c'
    UNION ALL
    SELECT 'pg_trigger'::regclass, oid FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'pg_rewrite'::regclass, oid FROM pg_rewrite WHERE rulename <> '_RETURN'
    UNION ALL
    SELECT 'pg_policy'::regclass, oid FROM pg_policy
    UNION ALL
    SELECT 'pg_proc'::regclass, oid FROM pg_proc
    UNION ALL
    SELECT 'pg_operator'::regclass, oid FROM pg_operator
    UNION ALL
    SELECT 'pg_opclass'::regclass, oid FROM pg_opclass
    UNION ALL
    SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily
    UNION ALL
    SELECT 'pg_am'::regclass, oid FROM pg_am
    UNION ALL
    SELECT 'pg_cast'::regclass, oid FROM pg_cast
    UNION ALL
    SELECT 'pg_conversion'::regclass, oid FROM pg_conversion
    UNION ALL
    SELECT 'pg_language'::regclass, oid FROM pg_language
    UNION ALL
    SELECT 'pg_transform'::regclass, oid FROM pg_transform
    UNION ALL
    SELECT 'pg_collation'::regclass, oid FROM pg_collation
    UNION ALL
    SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config
    UNION ALL
    SELECT 'pg_ts_dict'::regclass, oid FROM pg_ts_dict
    UNION ALL
    SELECT 'pg_ts_parser'::regclass, oid FROM pg_ts_parser
    UNION ALL
    SELECT 'pg_ts_template'::regclass, oid FROM pg_ts_template
    UNION ALL
    SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext
    UNION ALL
    SELECT 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
    UNION ALL
    SELECT 'pg_publication'::regclass, oid FROM pg_publication
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
)
SELECT object.type, object.identity
FROM found
CROSS JOIN LATERAL pg_identify_object(found.classid, found.objid, 0) object
WHERE found.objid >= 16384 -- FirstNormalObjectId: below it is what initdb made.
    AND (object.schema IS NULL OR object.schema = ANY ($2))
    AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = found.classid AND d.objid = found.objid
            -- Range types come with functions and casts of their own.
            AND (
                d.deptype = 'e'
                OR d.deptype = 'i' AND d.classid IN ('pg_proc'::regclass, 'pg_cast'::regclass)
            )
    )
UNION ALL
SELECT 'row security', format('on %I.%I', n.nspname, c.relname)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relrowsecurity AND c.relnamespace = ANY ($1)
