-- Where privileges are not what PostgreSQL gives by itself. $1: schemas.
-- Class, object, column, what GRANT calls it, the privilege, whom, with grant option, and whether it is there
-- or missing.
WITH held (class, oid, sub, called, acl, usual) AS (
    SELECT
        'pg_class'::regclass::oid, oid, 0, 'ON ' || CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || oid::regclass,
        relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)
    FROM pg_class
    WHERE relacl IS NOT NULL AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relnamespace = ANY ($1)
    UNION ALL
    SELECT
        'pg_proc'::regclass, oid, 0, 'ON ' || CASE prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || oid::regprocedure,
        proacl, acldefault('f', proowner)
    FROM pg_proc
    WHERE proacl IS NOT NULL AND pronamespace = ANY ($1)
    UNION ALL
    SELECT
        'pg_type'::regclass, oid, 0, 'ON ' || CASE typtype WHEN 'd' THEN 'DOMAIN ' ELSE 'TYPE ' END || format_type(oid, NULL),
        typacl, acldefault('T', typowner)
    FROM pg_type
    WHERE typacl IS NOT NULL AND typnamespace = ANY ($1)
    UNION ALL
    SELECT
        'pg_namespace'::regclass, oid, 0, format('ON SCHEMA %I', nspname), nspacl,
        CASE
            -- What initdb gives to everybody.
            WHEN nspname = 'public' THEN acldefault('n', nspowner) || CASE
                WHEN current_setting('server_version_num')::int < 150000
                    THEN ARRAY[makeaclitem(0, nspowner, 'USAGE', false), makeaclitem(0, nspowner, 'CREATE', false)]
                ELSE ARRAY[makeaclitem(0, nspowner, 'USAGE', false)]
            END
            ELSE acldefault('n', nspowner)
        END
    FROM pg_namespace
    WHERE nspacl IS NOT NULL AND oid = ANY ($1)
    UNION ALL
    SELECT 'pg_language'::regclass, oid, 0, format('ON LANGUAGE %I', lanname), lanacl, acldefault('l', lanowner)
    FROM pg_language
    WHERE lanacl IS NOT NULL AND oid >= 16384
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, format('ON FOREIGN DATA WRAPPER %I', fdwname), fdwacl, acldefault('F', fdwowner)
    FROM pg_foreign_data_wrapper
    WHERE fdwacl IS NOT NULL
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, oid, 0, format('ON FOREIGN SERVER %I', srvname), srvacl, acldefault('S', srvowner)
    FROM pg_foreign_server
    WHERE srvacl IS NOT NULL
    UNION ALL
    SELECT 'pg_class'::regclass, a.attrelid, a.attnum, format('(%I) ON TABLE %s', a.attname, a.attrelid::regclass), a.attacl, acldefault('c', c.relowner)
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relnamespace = ANY ($1)
)
SELECT
    held.class, held.oid, held.sub, held.called, item.privilege_type,
    CASE item.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(item.grantee)) END,
    bool_or(item.is_grantable AND item.there) AND NOT bool_or(item.is_usual),
    bool_or(item.there)
FROM held
CROSS JOIN LATERAL (
    SELECT privilege_type, grantee, is_grantable, true AS there, false AS is_usual FROM aclexplode(held.acl)
    UNION ALL
    SELECT privilege_type, grantee, is_grantable, false, true FROM aclexplode(held.usual)
) item
GROUP BY held.class, held.oid, held.sub, held.called, item.privilege_type, item.grantee
HAVING bool_or(item.there) <> bool_or(item.is_usual)
