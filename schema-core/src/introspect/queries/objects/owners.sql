-- Who owns what. $1: schemas.
-- What ALTER … OWNER TO calls it, unless the object tells.
SELECT
    'pg_class'::regclass::oid, oid, pg_get_userbyid(relowner)::text,
    CASE relkind WHEN 'S' THEN 'SEQUENCE ' WHEN 'f' THEN 'FOREIGN TABLE ' WHEN 'v' THEN 'VIEW ' WHEN 'm' THEN 'MATERIALIZED VIEW ' ELSE 'TABLE ' END
    || oid::regclass
FROM pg_class
WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relnamespace = ANY ($1)
    -- The sequence of an identity column, or of a serial one, has the owner of its table.
    AND NOT (relkind = 'S' AND EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = pg_class.oid AND d.refclassid = 'pg_class'::regclass
            AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    ))
UNION ALL
SELECT 'pg_type'::regclass, oid, pg_get_userbyid(typowner), CASE typtype WHEN 'd' THEN 'DOMAIN ' ELSE 'TYPE ' END || format_type(oid, NULL)
FROM pg_type
WHERE (typtype IN ('e', 'd', 'r') OR typtype = 'c' AND (SELECT relkind FROM pg_class WHERE pg_class.oid = typrelid) = 'c') AND typnamespace = ANY ($1)
UNION ALL
SELECT 'pg_proc'::regclass, oid, pg_get_userbyid(proowner), NULL FROM pg_proc WHERE pronamespace = ANY ($1)
UNION ALL
SELECT 'pg_operator'::regclass, oid, pg_get_userbyid(oprowner), NULL FROM pg_operator WHERE oprnamespace = ANY ($1)
UNION ALL
SELECT 'pg_opclass'::regclass, oid, pg_get_userbyid(opcowner), NULL FROM pg_opclass WHERE opcnamespace = ANY ($1)
UNION ALL
SELECT 'pg_opfamily'::regclass, oid, pg_get_userbyid(opfowner), NULL FROM pg_opfamily WHERE opfnamespace = ANY ($1)
UNION ALL
SELECT 'pg_collation'::regclass, oid, pg_get_userbyid(collowner), NULL FROM pg_collation WHERE collnamespace = ANY ($1)
UNION ALL
SELECT 'pg_conversion'::regclass, oid, pg_get_userbyid(conowner), NULL FROM pg_conversion WHERE connamespace = ANY ($1)
UNION ALL
SELECT 'pg_ts_dict'::regclass, oid, pg_get_userbyid(dictowner), NULL FROM pg_ts_dict WHERE dictnamespace = ANY ($1)
UNION ALL
SELECT 'pg_ts_config'::regclass, oid, pg_get_userbyid(cfgowner), NULL FROM pg_ts_config WHERE cfgnamespace = ANY ($1)
UNION ALL
SELECT 'pg_statistic_ext'::regclass, oid, pg_get_userbyid(stxowner), NULL FROM pg_statistic_ext WHERE stxnamespace = ANY ($1)
UNION ALL
SELECT 'pg_namespace'::regclass, oid, pg_get_userbyid(nspowner), format('SCHEMA %I', nspname)
FROM pg_namespace
-- The owner of `public` is initdb's choice, another from 15 on.
WHERE oid = ANY ($1) AND NOT (nspname = 'public' AND pg_get_userbyid(nspowner) IN ('pg_database_owner', 'postgres'))
UNION ALL
SELECT 'pg_language'::regclass, oid, pg_get_userbyid(lanowner), NULL FROM pg_language
UNION ALL
SELECT 'pg_foreign_data_wrapper'::regclass, oid, pg_get_userbyid(fdwowner), NULL FROM pg_foreign_data_wrapper
UNION ALL
SELECT 'pg_foreign_server'::regclass, oid, pg_get_userbyid(srvowner), NULL FROM pg_foreign_server
UNION ALL
SELECT 'pg_publication'::regclass, oid, pg_get_userbyid(pubowner), NULL FROM pg_publication
UNION ALL
SELECT 'pg_event_trigger'::regclass, oid, pg_get_userbyid(evtowner), NULL FROM pg_event_trigger
