-- Collations, conversions, operators with their families and classes, casts, languages, transforms and access methods.
-- $1: schemas.
SELECT
    'pg_collation'::regclass::oid, c.oid, 0,
    'collation', n.nspname::text, quote_ident(c.collname),
    format('CREATE COLLATION %I.%I (%s)', n.nspname, c.collname, concat_ws(', ',
        'PROVIDER = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' WHEN 'c' THEN 'libc' END,
        CASE WHEN NOT c.collisdeterministic THEN 'DETERMINISTIC = false' END,
        CASE
            WHEN coalesce(c.collcollate, '') <> coalesce(c.collctype, '')
                THEN format('LC_COLLATE = %L, LC_CTYPE = %L', c.collcollate, c.collctype)
            ELSE 'LOCALE = ' || quote_literal(coalesce(c.collocale, c.collcollate))
        END,
        'RULES = ' || quote_literal(c.collicurules)
    )),
    NULL::text, NULL::text,
    format('COLLATION %I.%I', n.nspname, c.collname), NULL::text,
    NULL::oid, NULL::oid, 0, false, '{}'::text[]
FROM (SELECT NULL::text AS colliculocale, NULL::text AS colllocale, NULL::text AS collicurules) before_15_and_17
CROSS JOIN LATERAL (
    SELECT
        oid, collname, collnamespace, collprovider, collisdeterministic, collcollate::text AS collcollate,
        collctype::text AS collctype, coalesce(colliculocale::text, colllocale::text) AS collocale, collicurules::text AS collicurules
    FROM pg_collation
) c
JOIN pg_namespace n ON n.oid = c.collnamespace
WHERE c.oid >= 16384 AND c.collnamespace = ANY ($1)
UNION ALL
SELECT
    'pg_conversion'::regclass, c.oid, 0,
    'conversion', n.nspname::text, quote_ident(c.conname),
    format(
        'CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN c.condefault THEN 'DEFAULT ' END, n.nspname, c.conname,
        pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc
    ), NULL, NULL,
    format('CONVERSION %I.%I', n.nspname, c.conname), NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_conversion c
JOIN pg_namespace n ON n.oid = c.connamespace
WHERE c.oid >= 16384 AND c.connamespace = ANY ($1)
UNION ALL
SELECT
    'pg_operator'::regclass, o.oid, 0,
    'operator', n.nspname::text, said.identity,
    format(E'CREATE OPERATOR %I.%s (\n    %s\n)', n.nspname, o.oprname, concat_ws(E',\n    ',
        'FUNCTION = ' || o.oprcode,
        'LEFTARG = ' || CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END,
        'RIGHTARG = ' || CASE WHEN o.oprright <> 0 THEN format_type(o.oprright, NULL) END,
        (
            SELECT format('COMMUTATOR = OPERATOR(%I.%s)', other_schema.nspname, other.oprname)
            FROM pg_operator other JOIN pg_namespace other_schema ON other_schema.oid = other.oprnamespace
            WHERE other.oid = o.oprcom
        ),
        (
            SELECT format('NEGATOR = OPERATOR(%I.%s)', other_schema.nspname, other.oprname)
            FROM pg_operator other JOIN pg_namespace other_schema ON other_schema.oid = other.oprnamespace
            WHERE other.oid = o.oprnegate
        ),
        'RESTRICT = ' || nullif(o.oprrest, 0)::regproc,
        'JOIN = ' || nullif(o.oprjoin, 0)::regproc,
        CASE WHEN o.oprcanhash THEN 'HASHES' END,
        CASE WHEN o.oprcanmerge THEN 'MERGES' END
    )), NULL, NULL,
    format('OPERATOR %I.%s', n.nspname, said.identity), NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_operator o
JOIN pg_namespace n ON n.oid = o.oprnamespace
CROSS JOIN LATERAL (
    SELECT format(
        '%s (%s, %s)', o.oprname, CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) ELSE 'NONE' END,
        CASE WHEN o.oprright <> 0 THEN format_type(o.oprright, NULL) ELSE 'NONE' END
    ) AS identity
) said
WHERE o.oid >= 16384 AND o.oprcode <> 0 AND o.oprnamespace = ANY ($1)
UNION ALL
SELECT
    'pg_opfamily'::regclass, f.oid, 0,
    'operator family', n.nspname::text, said.identity,
    format('CREATE OPERATOR FAMILY %I.%s', n.nspname, said.identity), NULL, NULL,
    format('OPERATOR FAMILY %I.%s', n.nspname, said.identity), NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_opfamily f
JOIN pg_namespace n ON n.oid = f.opfnamespace
JOIN pg_am am ON am.oid = f.opfmethod
CROSS JOIN LATERAL (SELECT format('%I USING %I', f.opfname, am.amname) AS identity) said
WHERE f.oid >= 16384 AND f.opfnamespace = ANY ($1)
UNION ALL
SELECT
    'pg_opclass'::regclass, c.oid, 0,
    'operator class', n.nspname::text, said.identity,
    format(
        E'CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS\n    %s', n.nspname, c.opcname,
        CASE WHEN c.opcdefault THEN ' DEFAULT' END, format_type(c.opcintype, NULL), am.amname, family_schema.nspname, f.opfname,
        coalesce(concat_ws(E',\n    ',
            'STORAGE ' || CASE WHEN c.opckeytype <> 0 THEN format_type(c.opckeytype, NULL) END,
            (
                SELECT string_agg(format(
                    'OPERATOR %s %s%s', op.amopstrategy, op.amopopr::regoperator,
                    ' FOR ORDER BY ' || (
                        SELECT format('%I.%I', sort_schema.nspname, sort.opfname)
                        FROM pg_opfamily sort JOIN pg_namespace sort_schema ON sort_schema.oid = sort.opfnamespace
                        WHERE sort.oid = op.amopsortfamily
                    )
                ), E',\n    ' ORDER BY op.amopstrategy)
                FROM pg_depend d
                JOIN pg_amop op ON op.oid = d.objid
                WHERE d.classid = 'pg_amop'::regclass AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid
            ),
            (
                SELECT string_agg(format(
                    'FUNCTION %s (%s, %s) %s', proc.amprocnum, format_type(proc.amproclefttype, NULL),
                    format_type(proc.amprocrighttype, NULL), proc.amproc::regprocedure
                ), E',\n    ' ORDER BY proc.amprocnum)
                FROM pg_depend d
                JOIN pg_amproc proc ON proc.oid = d.objid
                WHERE d.classid = 'pg_amproc'::regclass AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid
            )
        ), 'STORAGE ' || format_type(c.opcintype, NULL))
    ), NULL, NULL,
    format('OPERATOR CLASS %I.%s', n.nspname, said.identity), NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_opclass c
JOIN pg_namespace n ON n.oid = c.opcnamespace
JOIN pg_am am ON am.oid = c.opcmethod
JOIN pg_opfamily f ON f.oid = c.opcfamily
JOIN pg_namespace family_schema ON family_schema.oid = f.opfnamespace
CROSS JOIN LATERAL (SELECT format('%I USING %I', c.opcname, am.amname) AS identity) said
WHERE c.oid >= 16384 AND c.opcnamespace = ANY ($1)
UNION ALL
SELECT
    'pg_amop'::regclass, op.oid, 0,
    'operator family member', n.nspname::text, format('OPERATOR %s (%s, %s) IN %s', op.amopstrategy, said.types_left, said.types_right, said.family),
    format(
        'ALTER OPERATOR FAMILY %I.%s ADD OPERATOR %s %s%s', n.nspname, said.family, op.amopstrategy, op.amopopr::regoperator,
        ' FOR ORDER BY ' || (
            SELECT format('%I.%I', sort_schema.nspname, sort.opfname)
            FROM pg_opfamily sort JOIN pg_namespace sort_schema ON sort_schema.oid = sort.opfnamespace
            WHERE sort.oid = op.amopsortfamily
        )
    ), NULL, NULL,
    NULL, format('ALTER OPERATOR FAMILY %I.%s DROP OPERATOR %s (%s, %s)', n.nspname, said.family, op.amopstrategy, said.types_left, said.types_right),
    'pg_opfamily'::regclass, f.oid, 0, false, '{}'
FROM pg_amop op
JOIN pg_opfamily f ON f.oid = op.amopfamily
JOIN pg_namespace n ON n.oid = f.opfnamespace
JOIN pg_am am ON am.oid = f.opfmethod
CROSS JOIN LATERAL (
    SELECT format('%I USING %I', f.opfname, am.amname) AS family, format_type(op.amoplefttype, NULL) AS types_left,
        format_type(op.amoprighttype, NULL) AS types_right
) said
WHERE f.oid >= 16384 AND f.opfnamespace = ANY ($1)
    AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_amop'::regclass AND d.objid = op.oid AND d.refclassid = 'pg_opclass'::regclass
    )
UNION ALL
SELECT
    'pg_amproc'::regclass, proc.oid, 0,
    'operator family member', n.nspname::text, format('FUNCTION %s (%s, %s) IN %s', proc.amprocnum, said.types_left, said.types_right, said.family),
    format('ALTER OPERATOR FAMILY %I.%s ADD FUNCTION %s (%s, %s) %s', n.nspname, said.family, proc.amprocnum, said.types_left, said.types_right, proc.amproc::regprocedure),
    NULL, NULL,
    NULL, format('ALTER OPERATOR FAMILY %I.%s DROP FUNCTION %s (%s, %s)', n.nspname, said.family, proc.amprocnum, said.types_left, said.types_right),
    'pg_opfamily'::regclass, f.oid, 0, false, '{}'
FROM pg_amproc proc
JOIN pg_opfamily f ON f.oid = proc.amprocfamily
JOIN pg_namespace n ON n.oid = f.opfnamespace
JOIN pg_am am ON am.oid = f.opfmethod
CROSS JOIN LATERAL (
    SELECT format('%I USING %I', f.opfname, am.amname) AS family, format_type(proc.amproclefttype, NULL) AS types_left,
        format_type(proc.amprocrighttype, NULL) AS types_right
) said
WHERE f.oid >= 16384 AND f.opfnamespace = ANY ($1)
    AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_amproc'::regclass AND d.objid = proc.oid AND d.refclassid = 'pg_opclass'::regclass
    )
UNION ALL
SELECT
    'pg_cast'::regclass, c.oid, 0,
    'cast', NULL, said.identity,
    format(
        'CREATE CAST %s %s%s', said.identity,
        CASE c.castmethod WHEN 'b' THEN 'WITHOUT FUNCTION' WHEN 'i' THEN 'WITH INOUT' ELSE 'WITH FUNCTION ' || c.castfunc::regprocedure END,
        CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END
    ), NULL, NULL,
    'CAST ' || said.identity, NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_cast c
CROSS JOIN LATERAL (SELECT format('(%s AS %s)', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)) AS identity) said
WHERE c.oid >= 16384
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'i')
UNION ALL
SELECT
    'pg_language'::regclass, l.oid, 0,
    'language', NULL, quote_ident(l.lanname),
    format(
        'CREATE %sLANGUAGE %I HANDLER %s%s%s', CASE WHEN l.lanpltrusted THEN 'TRUSTED ' END, l.lanname, l.lanplcallfoid::regproc,
        ' INLINE ' || nullif(l.laninline, 0)::regproc, ' VALIDATOR ' || nullif(l.lanvalidator, 0)::regproc
    ), NULL, NULL,
    format('LANGUAGE %I', l.lanname), NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_language l
WHERE l.oid >= 16384 AND l.lanispl
UNION ALL
SELECT
    'pg_transform'::regclass, t.oid, 0,
    'transform', NULL, said.identity,
    format('CREATE TRANSFORM %s (%s)', said.identity, concat_ws(', ',
        'FROM SQL WITH FUNCTION ' || nullif(t.trffromsql, 0)::regprocedure, 'TO SQL WITH FUNCTION ' || nullif(t.trftosql, 0)::regprocedure
    )), NULL, NULL,
    'TRANSFORM ' || said.identity, NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_transform t
JOIN pg_language l ON l.oid = t.trflang
CROSS JOIN LATERAL (SELECT format('FOR %s LANGUAGE %I', format_type(t.trftype, NULL), l.lanname) AS identity) said
WHERE t.oid >= 16384
UNION ALL
SELECT
    'pg_am'::regclass, a.oid, 0,
    'access method', NULL, quote_ident(a.amname),
    format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', a.amname, CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END, a.amhandler), NULL, NULL,
    format('ACCESS METHOD %I', a.amname), NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_am a
WHERE a.oid >= 16384
