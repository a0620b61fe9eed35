-- Triggers, rules, and whether they fire. $1: schemas.
SELECT
    'pg_trigger'::regclass::oid, t.oid, 0,
    'trigger', n.nspname::text, format('%I ON %I', t.tgname, c.relname),
    pg_get_triggerdef(t.oid), NULL::text, NULL::text,
    format('TRIGGER %I ON %s', t.tgname, c.oid::regclass), NULL::text,
    'pg_class'::regclass::oid, c.oid, 0, false, '{}'::text[]
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND c.relnamespace = ANY ($1)
UNION ALL
SELECT
    NULL, NULL, 0,
    'trigger state', n.nspname::text, format('%I ON %I', t.tgname, c.relname),
    format('ALTER TABLE %s %s TRIGGER %I', c.oid::regclass, state.verb, t.tgname), NULL,
    format('ALTER TABLE %s %s TRIGGER %I', c.oid::regclass, state.verb, t.tgname),
    NULL, format('ALTER TABLE %s ENABLE TRIGGER %I', c.oid::regclass, t.tgname),
    'pg_trigger'::regclass, CASE WHEN t.tgparentid = 0 THEN t.oid ELSE (
        -- The clone of a partition goes with the trigger of its root.
        WITH RECURSIVE up AS (
            SELECT t.tgparentid AS oid
            UNION ALL
            SELECT parent.tgparentid FROM pg_trigger parent JOIN up ON parent.oid = up.oid WHERE parent.tgparentid <> 0
        )
        SELECT up.oid FROM up JOIN pg_trigger root ON root.oid = up.oid WHERE root.tgparentid = 0
    ) END, 0, false, '{}'
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_trigger parent ON parent.oid = t.tgparentid
CROSS JOIN LATERAL (
    SELECT CASE t.tgenabled
        WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE'
    END AS verb
) state
WHERE NOT t.tgisinternal AND t.tgenabled <> coalesce(parent.tgenabled, 'O') AND c.relnamespace = ANY ($1)
UNION ALL
SELECT
    'pg_rewrite'::regclass, r.oid, 0,
    'rule', n.nspname::text, format('%I ON %I', r.rulename, c.relname),
    rtrim(pg_get_ruledef(r.oid), ';'), NULL, NULL,
    format('RULE %I ON %s', r.rulename, c.oid::regclass), NULL,
    'pg_class'::regclass, c.oid, 0, false, '{}'
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND c.relnamespace = ANY ($1)
UNION ALL
SELECT
    NULL, NULL, 0,
    'rule state', n.nspname::text, format('%I ON %I', r.rulename, c.relname),
    format('ALTER TABLE %s %s RULE %I', c.oid::regclass, state.verb, r.rulename), NULL,
    format('ALTER TABLE %s %s RULE %I', c.oid::regclass, state.verb, r.rulename),
    NULL, format('ALTER TABLE %s ENABLE RULE %I', c.oid::regclass, r.rulename),
    'pg_rewrite'::regclass, r.oid, 0, false, '{}'
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT CASE r.ev_enabled
        WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS'
    END AS verb
) state
WHERE r.rulename <> '_RETURN' AND r.ev_enabled <> 'O' AND c.relnamespace = ANY ($1)
