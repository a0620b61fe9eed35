-- Schemas of publications, from 15 on.
SELECT
    'pg_publication_namespace'::regclass::oid, s.oid, 0,
    'publication schema', NULL::text, format('%I IN %I', n.nspname, p.pubname),
    format('ALTER PUBLICATION %I ADD TABLES IN SCHEMA %I', p.pubname, n.nspname), NULL::text, NULL::text,
    NULL::text, format('ALTER PUBLICATION %I DROP TABLES IN SCHEMA %I', p.pubname, n.nspname),
    'pg_publication'::regclass::oid, p.oid, 0, false, '{}'::text[]
FROM pg_publication_namespace s
JOIN pg_publication p ON p.oid = s.pnpubid
JOIN pg_namespace n ON n.oid = s.pnnspid
