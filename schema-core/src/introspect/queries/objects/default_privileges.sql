-- Default privileges that are not PostgreSQL's own: the role, the schema, the kind of object, the privilege, whom,
-- with grant option, and whether it is there or missing.
WITH held AS (
    SELECT
        pg_get_userbyid(d.defaclrole) AS role, n.nspname,
        CASE d.defaclobjtype
            WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS'
            WHEN 'L' THEN 'LARGE OBJECTS'
        END AS kind,
        d.defaclacl AS acl,
        -- Those of a schema come on top of those of the database.
        CASE
            WHEN d.defaclnamespace = 0 THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END::"char", d.defaclrole)
        END AS usual
    FROM pg_default_acl d
    LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
)
SELECT
    quote_ident(held.role), held.nspname::text, held.kind, item.privilege_type,
    CASE item.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(item.grantee)) END,
    bool_or(item.is_grantable AND item.there) AND NOT bool_or(item.is_usual),
    bool_or(item.there)
FROM held
CROSS JOIN LATERAL (
    SELECT privilege_type, grantee, is_grantable, true AS there, false AS is_usual FROM aclexplode(held.acl)
    UNION ALL
    SELECT privilege_type, grantee, is_grantable, false, true FROM aclexplode(held.usual)
) item
GROUP BY held.role, held.nspname, held.kind, item.privilege_type, item.grantee
HAVING bool_or(item.there) <> bool_or(item.is_usual)
