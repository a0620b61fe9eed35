-- Functions, procedures and aggregates. $1: schemas.
SELECT
    'pg_proc'::regclass::oid, p.oid, 0,
    CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
    n.nspname::text,
    format('%I(%s)', p.proname, oidvectortypes(p.proargtypes)),
    coalesce(aggregate.definition, rtrim(pg_get_functiondef(CASE WHEN p.prokind <> 'a' THEN p.oid END), E'\n')),
    NULL::text,
    coalesce(
        replace(aggregate.definition, 'CREATE AGGREGATE', 'CREATE OR REPLACE AGGREGATE'),
        rtrim(pg_get_functiondef(CASE WHEN p.prokind <> 'a' THEN p.oid END), E'\n')
    ),
    CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' WHEN 'a' THEN 'AGGREGATE ' ELSE 'FUNCTION ' END
    || CASE
        WHEN p.prokind = 'a'
            THEN split_part(p.oid::regprocedure::text, '(', 1) || '(' || pg_get_function_identity_arguments(p.oid) || ')'
        ELSE p.oid::regprocedure::text
    END,
    NULL::text, NULL::oid, NULL::oid, 0, false,
    ARRAY[
        pg_get_function_result(p.oid),
        pg_get_function_identity_arguments(p.oid),
        concat(p.proallargtypes::regtype[], p.proargmodes, p.proargnames),
        aggregate.fixed
    ] || array_fill('default'::text, ARRAY[p.pronargdefaults::int])
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN LATERAL (
    SELECT
        'CREATE AGGREGATE ' || p.pronamespace::regnamespace || '.' || quote_ident(p.proname)
        || '(' || coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') || E') (\n    '
        || concat_ws(E',\n    ',
            'SFUNC = ' || a.aggtransfn::regproc,
            'STYPE = ' || format_type(a.aggtranstype, NULL),
            'SSPACE = ' || nullif(a.aggtransspace, 0),
            'FINALFUNC = ' || nullif(a.aggfinalfn, 0)::regproc,
            CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
            'FINALFUNC_MODIFY = ' || CASE a.aggfinalmodify
                WHEN 'r' THEN CASE WHEN a.aggkind <> 'n' THEN 'READ_ONLY' END
                WHEN 's' THEN 'SHAREABLE'
                WHEN 'w' THEN CASE WHEN a.aggkind = 'n' THEN 'READ_WRITE' END
            END,
            'COMBINEFUNC = ' || nullif(a.aggcombinefn, 0)::regproc,
            'SERIALFUNC = ' || nullif(a.aggserialfn, 0)::regproc,
            'DESERIALFUNC = ' || nullif(a.aggdeserialfn, 0)::regproc,
            'INITCOND = ' || quote_literal(a.agginitval),
            'MSFUNC = ' || nullif(a.aggmtransfn, 0)::regproc,
            'MINVFUNC = ' || nullif(a.aggminvtransfn, 0)::regproc,
            'MSTYPE = ' || CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END,
            'MSSPACE = ' || nullif(a.aggmtransspace, 0),
            'MFINALFUNC = ' || nullif(a.aggmfinalfn, 0)::regproc,
            CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
            'MFINALFUNC_MODIFY = ' || CASE WHEN a.aggmfinalfn <> 0 THEN CASE a.aggmfinalmodify
                WHEN 'r' THEN CASE WHEN a.aggkind <> 'n' THEN 'READ_ONLY' END
                WHEN 's' THEN 'SHAREABLE'
                WHEN 'w' THEN CASE WHEN a.aggkind = 'n' THEN 'READ_WRITE' END
            END END,
            'MINITCOND = ' || quote_literal(a.aggminitval),
            (
                SELECT format('SORTOP = OPERATOR(%I.%s)', sort_schema.nspname, o.oprname)
                FROM pg_operator o
                JOIN pg_namespace sort_schema ON sort_schema.oid = o.oprnamespace
                WHERE o.oid = a.aggsortop
            ),
            'PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END,
            CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END
        ) || E'\n)' AS definition,
        concat(a.aggkind, a.aggnumdirectargs, format_type(a.aggtranstype, NULL)) AS fixed
    FROM pg_aggregate a
    WHERE a.aggfnoid = p.oid
) aggregate ON true
WHERE p.pronamespace = ANY ($1) AND p.oid >= 16384
    AND NOT EXISTS (
        SELECT FROM pg_depend d
        -- Range types come with functions of their own.
        WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i')
    )
