-- The objects of name $1 among those of kind $2, those that role $3 lacks the privilege on first:
-- quoted name, quoted owner, whether the owner is a superuser, the role quoted.
WITH role AS (
    SELECT coalesce($3, current_user::pg_catalog.text) AS name
),
found AS (
    SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, c.relowner AS owner,
        pg_catalog.pg_table_is_visible(c.oid) AS is_near,
        CASE WHEN c.relkind = 'S' THEN pg_catalog.has_sequence_privilege(role.name, c.oid, 'USAGE')
             WHEN c.relkind IN ('i', 'I') THEN false
             ELSE pg_catalog.has_table_privilege(role.name, c.oid, 'INSERT') END AS has_it
    FROM role, pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE $2 = 'relation' AND c.relname::pg_catalog.text = $1
    UNION ALL
    SELECT p.oid::pg_catalog.regprocedure::pg_catalog.text, p.proowner,
        pg_catalog.pg_function_is_visible(p.oid),
        pg_catalog.has_function_privilege(role.name, p.oid, 'EXECUTE')
    FROM role, pg_catalog.pg_proc p
    WHERE $2 = 'routine' AND p.proname::pg_catalog.text = $1
    UNION ALL
    SELECT pg_catalog.format('%I.%I', n.nspname, t.typname), t.typowner,
        pg_catalog.pg_type_is_visible(t.oid),
        pg_catalog.has_type_privilege(role.name, t.oid, 'USAGE')
    FROM role, pg_catalog.pg_type t
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE $2 = 'type' AND t.typname::pg_catalog.text = $1
    UNION ALL
    SELECT pg_catalog.quote_ident(nspname), nspowner, true, false
    FROM pg_catalog.pg_namespace
    WHERE $2 = 'schema' AND nspname::pg_catalog.text = $1
    UNION ALL
    SELECT pg_catalog.quote_ident(datname), datdba, true, false
    FROM pg_catalog.pg_database
    WHERE $2 = 'database' AND datname::pg_catalog.text = $1
)
SELECT
    found.name,
    pg_catalog.quote_ident(owner.rolname) AS owner,
    owner.rolsuper AS is_super,
    pg_catalog.quote_ident(role.name) AS role
FROM role, found
JOIN pg_catalog.pg_roles owner ON owner.oid = found.owner
ORDER BY found.has_it, pg_catalog.pg_has_role(role.name, owner.oid, 'USAGE'), found.is_near DESC, found.name
LIMIT 1
