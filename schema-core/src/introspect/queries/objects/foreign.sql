-- Foreign data wrappers, servers, user mappings, and their options.
SELECT
    'pg_foreign_data_wrapper'::regclass::oid, w.oid, 0,
    'foreign data wrapper', NULL::text, quote_ident(w.fdwname),
    format(
        'CREATE FOREIGN DATA WRAPPER %I%s%s', w.fdwname,
        ' HANDLER ' || nullif(w.fdwhandler, 0)::regproc, ' VALIDATOR ' || nullif(w.fdwvalidator, 0)::regproc
    ),
    format(
        'CREATE FOREIGN DATA WRAPPER %I%s%s%s', w.fdwname,
        ' HANDLER ' || nullif(w.fdwhandler, 0)::regproc, ' VALIDATOR ' || nullif(w.fdwvalidator, 0)::regproc,
        ' OPTIONS (' || (
            SELECT string_agg(format('%I %L', option_name, option_value), ', ' ORDER BY option_name) FROM pg_options_to_table(w.fdwoptions)
        ) || ')'
    ),
    format(
        'ALTER FOREIGN DATA WRAPPER %I %s %s', w.fdwname,
        coalesce('HANDLER ' || nullif(w.fdwhandler, 0)::regproc, 'NO HANDLER'),
        coalesce('VALIDATOR ' || nullif(w.fdwvalidator, 0)::regproc, 'NO VALIDATOR')
    ),
    format('FOREIGN DATA WRAPPER %I', w.fdwname), NULL::text,
    NULL::oid, NULL::oid, 0, false, '{}'::text[]
FROM pg_foreign_data_wrapper w
UNION ALL
SELECT
    'pg_foreign_server'::regclass, s.oid, 0,
    'server', NULL, quote_ident(s.srvname),
    format('CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I', s.srvname, ' TYPE ' || quote_literal(s.srvtype), ' VERSION ' || quote_literal(s.srvversion), w.fdwname),
    format(
        'CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s', s.srvname,
        ' TYPE ' || quote_literal(s.srvtype), ' VERSION ' || quote_literal(s.srvversion), w.fdwname,
        ' OPTIONS (' || (
            SELECT string_agg(format('%I %L', option_name, option_value), ', ' ORDER BY option_name) FROM pg_options_to_table(s.srvoptions)
        ) || ')'
    ),
    CASE WHEN s.srvversion IS NOT NULL THEN format('ALTER SERVER %I VERSION %L', s.srvname, s.srvversion) END,
    format('SERVER %I', s.srvname), NULL,
    NULL, NULL, 0, false, ARRAY[w.fdwname::text, s.srvtype]
FROM pg_foreign_server s
JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
UNION ALL
SELECT
    'pg_user_mapping'::regclass, u.umid, 0,
    'user mapping', NULL, format('FOR %s SERVER %I', said.role, u.srvname),
    format('CREATE USER MAPPING FOR %s SERVER %I', said.role, u.srvname),
    format(
        'CREATE USER MAPPING FOR %s SERVER %I%s', said.role, u.srvname,
        ' OPTIONS (' || (
            SELECT string_agg(format('%I %L', option_name, option_value), ', ' ORDER BY option_name) FROM pg_options_to_table(u.umoptions)
        ) || ')'
    ), NULL,
    NULL, format('DROP USER MAPPING FOR %s SERVER %I', said.role, u.srvname),
    'pg_foreign_server'::regclass, u.srvid, 0, false, '{}'
FROM pg_user_mappings u
CROSS JOIN LATERAL (SELECT CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END AS role) said
UNION ALL
SELECT
    NULL, NULL, 0,
    'foreign option', NULL, format('%I OF %s', option.option_name, of.target),
    format('ALTER %s OPTIONS (ADD %I %L)', of.target, option.option_name, option.option_value), NULL,
    format('ALTER %s OPTIONS (SET %I %L)', of.target, option.option_name, option.option_value),
    NULL, format('ALTER %s OPTIONS (DROP %I)', of.target, option.option_name),
    of.class, of.oid, 0, true, '{}'
FROM (
    SELECT 'pg_foreign_data_wrapper'::regclass AS class, oid, format('FOREIGN DATA WRAPPER %I', fdwname) AS target, fdwoptions AS options
    FROM pg_foreign_data_wrapper
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, oid, format('SERVER %I', srvname), srvoptions FROM pg_foreign_server
    UNION ALL
    SELECT
        'pg_user_mapping'::regclass, umid,
        format('USER MAPPING FOR %s SERVER %I', CASE umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(usename) END, srvname), umoptions
    FROM pg_user_mappings
) of
CROSS JOIN LATERAL pg_options_to_table(of.options) option
