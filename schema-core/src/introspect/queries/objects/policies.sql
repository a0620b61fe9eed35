-- Row security and policies. $1: schemas.
SELECT
    'pg_policy'::regclass::oid, p.oid, 0,
    'policy', n.nspname::text, format('%I ON %I', p.polname, c.relname),
    format(
        'CREATE POLICY %I ON %s%s%s TO %s%s%s', p.polname, c.oid::regclass,
        CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END,
        CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' ELSE '' END,
        said.roles, E'\n    USING (' || said.qual || ')', E'\n    WITH CHECK (' || said.with_check || ')'
    ),
    NULL::text,
    format(
        'ALTER POLICY %I ON %s TO %s%s%s', p.polname, c.oid::regclass,
        said.roles, E'\n    USING (' || said.qual || ')', E'\n    WITH CHECK (' || said.with_check || ')'
    ),
    format('POLICY %I ON %s', p.polname, c.oid::regclass), NULL::text,
    'pg_class'::regclass::oid, c.oid, 0, false,
    ARRAY[p.polcmd::text, p.polpermissive::text, (said.qual IS NULL)::text, (said.with_check IS NULL)::text]
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT
        (
            SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END, ', ' ORDER BY pg_get_userbyid(r))
            FROM unnest(p.polroles) r
        ) AS roles,
        pg_get_expr(p.polqual, p.polrelid) AS qual,
        pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
) said
WHERE c.relnamespace = ANY ($1)
UNION ALL
SELECT
    NULL, NULL, 0,
    'row security', n.nspname::text, format('ON %I', c.relname),
    format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', c.oid::regclass), NULL, NULL,
    NULL, format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', c.oid::regclass),
    'pg_class'::regclass, c.oid, 0, false, '{}'
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relrowsecurity AND c.relnamespace = ANY ($1)
UNION ALL
SELECT
    NULL, NULL, 0,
    'forced row security', n.nspname::text, format('ON %I', c.relname),
    format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', c.oid::regclass), NULL, NULL,
    NULL, format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', c.oid::regclass),
    'pg_class'::regclass, c.oid, 0, false, '{}'
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relforcerowsecurity AND c.relnamespace = ANY ($1)
