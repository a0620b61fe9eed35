-- Text search. $1: schemas.
SELECT
    'pg_ts_parser'::regclass::oid, p.oid, 0,
    'text search parser', n.nspname::text, quote_ident(p.prsname),
    format('CREATE TEXT SEARCH PARSER %I.%I (%s)', n.nspname, p.prsname, concat_ws(', ',
        'START = ' || p.prsstart, 'GETTOKEN = ' || p.prstoken, 'END = ' || p.prsend, 'HEADLINE = ' || nullif(p.prsheadline, 0)::regproc,
        'LEXTYPES = ' || p.prslextype
    )), NULL::text, NULL::text,
    format('TEXT SEARCH PARSER %I.%I', n.nspname, p.prsname), NULL::text,
    NULL::oid, NULL::oid, 0, false, '{}'::text[]
FROM pg_ts_parser p
JOIN pg_namespace n ON n.oid = p.prsnamespace
WHERE p.oid >= 16384 AND p.prsnamespace = ANY ($1)
UNION ALL
SELECT
    'pg_ts_template'::regclass, t.oid, 0,
    'text search template', n.nspname::text, quote_ident(t.tmplname),
    format('CREATE TEXT SEARCH TEMPLATE %I.%I (%s)', n.nspname, t.tmplname, concat_ws(', ',
        'INIT = ' || nullif(t.tmplinit, 0)::regproc, 'LEXIZE = ' || t.tmpllexize
    )), NULL, NULL,
    format('TEXT SEARCH TEMPLATE %I.%I', n.nspname, t.tmplname), NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_ts_template t
JOIN pg_namespace n ON n.oid = t.tmplnamespace
WHERE t.oid >= 16384 AND t.tmplnamespace = ANY ($1)
UNION ALL
SELECT
    'pg_ts_dict'::regclass, d.oid, 0,
    'text search dictionary', n.nspname::text, quote_ident(d.dictname),
    format(
        'CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %I.%I%s)', n.nspname, d.dictname, template_schema.nspname, t.tmplname, ', ' || d.dictinitoption
    ), NULL, NULL,
    format('TEXT SEARCH DICTIONARY %I.%I', n.nspname, d.dictname), NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_ts_dict d
JOIN pg_namespace n ON n.oid = d.dictnamespace
JOIN pg_ts_template t ON t.oid = d.dicttemplate
JOIN pg_namespace template_schema ON template_schema.oid = t.tmplnamespace
WHERE d.oid >= 16384 AND d.dictnamespace = ANY ($1)
UNION ALL
SELECT
    'pg_ts_config'::regclass, c.oid, 0,
    'text search configuration', n.nspname::text, quote_ident(c.cfgname),
    format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I)', n.nspname, c.cfgname, parser_schema.nspname, p.prsname), NULL, NULL,
    format('TEXT SEARCH CONFIGURATION %I.%I', n.nspname, c.cfgname), NULL,
    NULL, NULL, 0, false, '{}'
FROM pg_ts_config c
JOIN pg_namespace n ON n.oid = c.cfgnamespace
JOIN pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_namespace parser_schema ON parser_schema.oid = p.prsnamespace
WHERE c.oid >= 16384 AND c.cfgnamespace = ANY ($1)
UNION ALL
SELECT
    NULL, NULL, 0,
    'text search mapping', n.nspname::text, format('%I %s', c.cfgname, token.alias),
    format('ALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %s WITH %s', n.nspname, c.cfgname, token.alias, mapped.dictionaries), NULL,
    format('ALTER TEXT SEARCH CONFIGURATION %I.%I ALTER MAPPING FOR %s WITH %s', n.nspname, c.cfgname, token.alias, mapped.dictionaries),
    NULL, format('ALTER TEXT SEARCH CONFIGURATION %I.%I DROP MAPPING FOR %s', n.nspname, c.cfgname, token.alias),
    'pg_ts_config'::regclass, c.oid, 0, false, '{}'
FROM pg_ts_config c
JOIN pg_namespace n ON n.oid = c.cfgnamespace
CROSS JOIN LATERAL (
    SELECT m.maptokentype, string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries
    FROM pg_ts_config_map m
    WHERE m.mapcfg = c.oid
    GROUP BY m.maptokentype
) mapped
JOIN LATERAL ts_token_type(c.cfgparser) token ON token.tokid = mapped.maptokentype
WHERE c.oid >= 16384 AND c.cfgnamespace = ANY ($1)
