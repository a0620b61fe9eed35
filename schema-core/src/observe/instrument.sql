-- What watches a rehearsal: functions that tell what a transaction did, and event triggers that
-- write down which objects it touched. All of it lives in a schema of its own.
CREATE SCHEMA cargo_migrate;
GRANT USAGE ON SCHEMA cargo_migrate TO PUBLIC;

-- Kinds: c a command, d a dropped object, r a rewritten table.
CREATE TABLE cargo_migrate.journal (
    place bigint GENERATED ALWAYS AS IDENTITY,
    kind "char" NOT NULL,
    tag text NOT NULL,
    class oid,
    object oid,
    part integer,
    type text,
    identity text,
    original boolean
);

CREATE FUNCTION cargo_migrate.note_commands() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO cargo_migrate.journal (kind, tag, class, object, part, type, identity)
    SELECT 'c', command_tag, classid, objid, objsubid, object_type, object_identity
    FROM pg_event_trigger_ddl_commands()
    WHERE NOT in_extension AND schema_name IS DISTINCT FROM 'pg_temp';
END $$;

CREATE FUNCTION cargo_migrate.note_drops() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO cargo_migrate.journal (kind, tag, class, object, part, type, identity, original)
    SELECT 'd', tg_tag, classid, objid, objsubid, object_type, object_identity, original
    FROM pg_event_trigger_dropped_objects()
    WHERE NOT is_temporary;
END $$;

CREATE FUNCTION cargo_migrate.note_rewrite() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO cargo_migrate.journal (kind, tag, class, object)
    VALUES ('r', tg_tag, 'pg_class'::regclass, pg_event_trigger_table_rewrite_oid());
END $$;

CREATE EVENT TRIGGER cargo_migrate_commands ON ddl_command_end
EXECUTE FUNCTION cargo_migrate.note_commands();
CREATE EVENT TRIGGER cargo_migrate_drops ON sql_drop
EXECUTE FUNCTION cargo_migrate.note_drops();
CREATE EVENT TRIGGER cargo_migrate_rewrites ON table_rewrite
EXECUTE FUNCTION cargo_migrate.note_rewrite();
-- Nothing is to be seen before the rehearsal begins.
ALTER EVENT TRIGGER cargo_migrate_commands DISABLE;
ALTER EVENT TRIGGER cargo_migrate_drops DISABLE;
ALTER EVENT TRIGGER cargo_migrate_rewrites DISABLE;

-- The functions are in plpgsql, whose plans are kept for the session.

-- The value that a sequence gave out last, or would have before the one that it begins with.
CREATE FUNCTION cargo_migrate.last_value(sequence oid, step bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE given numeric;
BEGIN
    EXECUTE format('SELECT last_value - CASE WHEN is_called THEN 0 ELSE %s END::numeric FROM %s',
        step, sequence::regclass) INTO given;
    RETURN least(greatest(given, -9223372036854775808), 9223372036854775807);
END $$;

-- A relation as the old release may see it. Expressions are spelled with an empty search path, so
-- that two readings can be compared.
CREATE FUNCTION cargo_migrate.relation_facts(relations oid[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
BEGIN RETURN (
SELECT coalesce(jsonb_agg(jsonb_build_object(
    'oid', c.oid::int8,
    'schema', n.nspname,
    'name', c.relname,
    'kind', c.relkind,
    'persistence', c.relpersistence,
    'owner', pg_get_userbyid(c.relowner),
    'schema_acl', coalesce(n.nspacl, acldefault('n', n.nspowner))::text[],
    'acl', coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner))::text[],
    'options', coalesce(c.reloptions, '{}'),
    'row_security', c.relrowsecurity,
    'force_row_security', c.relforcerowsecurity,
    'replica_identity', c.relreplident,
    'partition_bound', pg_get_expr(c.relpartbound, c.oid),
    'parents', coalesce((
        SELECT jsonb_agg(i.inhparent::int8 ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid), '[]'),
    'partitions', coalesce((
        SELECT jsonb_agg(i.inhrelid::int8 ORDER BY i.inhrelid) FROM pg_inherits i WHERE i.inhparent = c.oid), '[]'),
    'row_type', c.reltype::int8,
    'view', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
    'updatable', CASE WHEN c.relkind IN ('v', 'r', 'p') THEN pg_relation_is_updatable(c.oid, false) ELSE 0 END,
    'publications', coalesce((
        SELECT jsonb_agg(p.pubname ORDER BY p.pubname) FROM pg_publication p
        WHERE c.relkind IN ('r', 'p') AND (p.puballtables OR EXISTS (
            SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = c.oid))), '[]'),
    'sequence', (
        SELECT jsonb_build_object('increment', s.seqincrement, 'min', s.seqmin, 'max', s.seqmax,
            'cycle', s.seqcycle, 'last_value', cargo_migrate.last_value(c.oid, s.seqincrement),
            'is_identity', EXISTS (
                SELECT FROM pg_depend o WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid
                AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'i' AND o.refobjsubid > 0),
            'is_owned', EXISTS (
                SELECT FROM pg_depend o WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid
                AND o.refclassid = 'pg_class'::regclass AND o.deptype IN ('a', 'i') AND o.refobjsubid > 0))
        FROM pg_sequence s WHERE s.seqrelid = c.oid),
    'columns', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'number', a.attnum, 'name', a.attname,
            'type_kind', (SELECT t.typtype FROM pg_type t WHERE t.oid = a.atttypid),
            'type', format_type(a.atttypid, a.atttypmod), 'type_oid', a.atttypid::int8, 'typmod', a.atttypmod,
            'not_null', a.attnotnull, 'identity', a.attidentity, 'generated', a.attgenerated,
            'default', pg_get_expr(d.adbin, d.adrelid), 'collation', a.attcollation::int8,
            'updatable', c.relkind <> 'v' OR pg_column_is_updatable(c.oid, a.attnum, false),
            'acl', coalesce(a.attacl, '{}')::text[],
            'domain_of', (SELECT CASE t.typtype WHEN 'd' THEN t.typbasetype::int8 END FROM pg_type t WHERE t.oid = a.atttypid),
            'sequence_acl', (
                SELECT coalesce(q.relacl, acldefault('s', q.relowner))::text[]
                FROM pg_depend o JOIN pg_class q ON q.oid = o.refobjid AND q.relkind = 'S'
                WHERE o.classid = 'pg_attrdef'::regclass AND o.objid = d.oid
                  AND o.refclassid = 'pg_class'::regclass LIMIT 1)
        ) ORDER BY a.attnum)
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'),
    'constraints', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'oid', k.oid::int8, 'name', k.conname, 'kind', k.contype,
            'definition', pg_get_constraintdef(k.oid), 'validated', k.convalidated,
            'columns', coalesce(to_jsonb(k.conkey), '[]'), 'index', k.conindid::int8,
            'references', k.confrelid::int8, 'on_delete', k.confdeltype, 'on_update', k.confupdtype
        ) ORDER BY k.oid)
        -- What is not enforced demands nothing. The first subquery stands in before 18.
        FROM (SELECT true AS conenforced) before_18 CROSS JOIN LATERAL (
            SELECT oid, conname, contype, convalidated, conkey, conindid, confrelid, confdeltype, confupdtype
            FROM pg_constraint WHERE conrelid = c.oid AND contype IN ('c', 'f', 'p', 'u', 'x') AND conenforced) k), '[]'),
    'referenced_by', coalesce((
        SELECT jsonb_agg(DISTINCT k.conrelid::int8) FROM pg_constraint k
        WHERE k.confrelid = c.oid AND k.contype = 'f'), '[]'),
    'indexes', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'oid', x.indexrelid::int8, 'name', ic.relname, 'method', am.amname,
            'unique', x.indisunique, 'primary', x.indisprimary, 'valid', x.indisvalid,
            'immediate', x.indimmediate,
            'keys', (SELECT jsonb_agg(pg_get_indexdef(x.indexrelid, k, false) ORDER BY k)
                     FROM generate_series(1, x.indnkeyatts) k),
            'columns', (SELECT jsonb_agg(x.indkey[k - 1] ORDER BY k) FROM generate_series(1, x.indnkeyatts) k),
            'predicate', pg_get_expr(x.indpred, x.indrelid),
            'definition', regexp_replace(pg_get_indexdef(x.indexrelid), '^.*? USING ', '')
        ) ORDER BY x.indexrelid)
        FROM pg_index x JOIN pg_class ic ON ic.oid = x.indexrelid JOIN pg_am am ON am.oid = ic.relam
        WHERE x.indrelid = c.oid), '[]'),
    'triggers', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'oid', t.oid::int8, 'name', t.tgname, 'enabled', t.tgenabled, 'type', t.tgtype,
            'routine', t.tgfoid::int8, 'definition', pg_get_triggerdef(t.oid)
        ) ORDER BY t.oid)
        FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal), '[]'),
    'policies', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'oid', p.oid::int8, 'name', p.polname, 'command', p.polcmd, 'permissive', p.polpermissive,
            'roles', (SELECT jsonb_agg(CASE r WHEN 0 THEN 'public' ELSE pg_get_userbyid(r) END) FROM unnest(p.polroles) r),
            'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)
        ) ORDER BY p.oid)
        FROM pg_policy p WHERE p.polrelid = c.oid), '[]')
)), '[]')
FROM (SELECT DISTINCT coalesce(x.indrelid, r) FROM unnest(relations) r
      LEFT JOIN pg_index x ON x.indexrelid = r) asked (oid) -- For an index, its table.
JOIN pg_class c ON c.oid = asked.oid JOIN pg_namespace n ON n.oid = c.relnamespace
); END $$;

CREATE FUNCTION cargo_migrate.type_facts(types oid[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
BEGIN RETURN (
SELECT coalesce(jsonb_agg(jsonb_build_object(
    'oid', t.oid::int8, 'schema', n.nspname, 'name', t.typname, 'kind', t.typtype,
    'not_null', t.typnotnull, 'default', t.typdefault,
    'base', CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
    'labels', coalesce((
        SELECT jsonb_agg(jsonb_build_object('oid', e.oid::int8, 'label', e.enumlabel) ORDER BY e.enumsortorder)
        FROM pg_enum e WHERE e.enumtypid = t.oid), '[]'),
    'attributes', coalesce((
        SELECT jsonb_agg(jsonb_build_object('number', a.attnum, 'name', a.attname,
            'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '[]'),
    'checks', coalesce((
        SELECT jsonb_agg(jsonb_build_object('oid', k.oid::int8, 'name', k.conname,
            'definition', pg_get_constraintdef(k.oid), 'validated', k.convalidated) ORDER BY k.oid)
        FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '[]'),
    'used_by', coalesce((
        SELECT jsonb_agg(DISTINCT a.attrelid::int8) FROM pg_attribute a
        JOIN pg_class u ON u.oid = a.attrelid AND u.relkind IN ('r', 'p', 'v', 'm', 'f')
        WHERE (a.atttypid = t.oid OR a.atttypid = t.typarray) AND NOT a.attisdropped), '[]')
)), '[]')
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.oid = ANY (types) AND t.typcategory <> 'A' AND NOT (t.typtype = 'c' AND EXISTS (
    SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c'))
); END $$;

CREATE FUNCTION cargo_migrate.routine_facts(routines oid[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
BEGIN RETURN (
SELECT coalesce(jsonb_agg(jsonb_build_object(
    'oid', p.oid::int8, 'schema', n.nspname, 'name', p.proname, 'kind', p.prokind,
    'arguments', pg_get_function_identity_arguments(p.oid),
    'inputs', (SELECT coalesce(jsonb_agg(format_type(a, NULL) ORDER BY place), '[]')
               FROM unnest(p.proargtypes) WITH ORDINALITY u (a, place)),
    'required', p.pronargs - p.pronargdefaults, 'result', pg_get_function_result(p.oid),
    'body', md5(concat_ws('|', p.prosrc, p.probin, pg_get_function_sqlbody(p.oid))),
    'traits', concat_ws('|', p.provolatile, p.proisstrict, p.prosecdef, p.proleakproof, p.proconfig::text),
    'owner', pg_get_userbyid(p.proowner),
    'acl', coalesce(p.proacl, acldefault('f', p.proowner))::text[],
    'is_trigger', p.prorettype = 'trigger'::regtype
)), '[]')
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid = ANY (routines)
); END $$;

-- Files, sizes and counters of relations.
CREATE FUNCTION cargo_migrate.gauges(relations oid[]) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
BEGIN RETURN (
SELECT coalesce(jsonb_agg(jsonb_build_object(
    'oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind,
    'owner_table', coalesce(x.indrelid, c.oid)::int8,
    'filenode', pg_relation_filenode(c.oid)::int8,
    'bytes', CASE WHEN c.relkind IN ('r', 'm', 'i') THEN pg_relation_size(c.oid) ELSE 0 END,
    'scans', pg_stat_get_xact_numscans(c.oid),
    'inserted', pg_stat_get_xact_tuples_inserted(c.oid),
    'updated', pg_stat_get_xact_tuples_updated(c.oid),
    'deleted', pg_stat_get_xact_tuples_deleted(c.oid)
)), '[]')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index x ON x.indexrelid = c.oid
WHERE c.oid = ANY (relations) AND n.nspname NOT IN ('pg_toast', 'cargo_migrate')
); END $$;

-- Counters of a session are handed over to the server whenever it finds the time, and begin anew.
-- From 15 on it can be told to do so when the transaction ends; before, what is not handed over yet
-- is read.
CREATE FUNCTION cargo_migrate.hand_over() RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF current_setting('server_version_num')::integer >= 150000 THEN
        PERFORM pg_stat_force_next_flush();
        RETURN '[]';
    END IF;
    RETURN (
        SELECT cargo_migrate.gauges(coalesce(array_agg(c.oid), '{}')) FROM pg_class c
        WHERE c.oid >= 16384 AND pg_stat_get_xact_numscans(c.oid) + pg_stat_get_xact_tuples_inserted(c.oid)
            + pg_stat_get_xact_tuples_updated(c.oid) + pg_stat_get_xact_tuples_deleted(c.oid) > 0);
END $$;

-- What a transaction has changed in the catalog so far, by the mark of the transaction on the rows:
-- no event trigger tells of whom privileges were granted. Nobody else writes to this database.
CREATE FUNCTION cargo_migrate.changed() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE since bigint := pg_current_xact_id_if_assigned()::text::numeric % 4294967296;
BEGIN RETURN (
    SELECT coalesce(jsonb_agg(DISTINCT format('%I.', n.nspname) || it.name), '[]')
    FROM (
        SELECT c.relnamespace, quote_ident(c.relname) FROM pg_class c
        WHERE c.xmin::text::bigint >= since
        UNION ALL
        SELECT c.relnamespace, quote_ident(c.relname) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE a.xmin::text::bigint >= since
        UNION ALL
        SELECT p.pronamespace, quote_ident(p.proname) FROM pg_proc p WHERE p.xmin::text::bigint >= since
        UNION ALL
        SELECT t.typnamespace, quote_ident(t.typname) FROM pg_type t
        WHERE t.xmin::text::bigint >= since AND t.typrelid = 0 AND t.typcategory <> 'A'
        UNION ALL
        SELECT m.oid, '*' FROM pg_namespace m WHERE m.xmin::text::bigint >= since
    ) it (namespace, name) JOIN pg_namespace n ON n.oid = it.namespace
); END $$;

-- Types and functions that the transaction made use of, which no lock tells: what its new objects
-- depend on, and the functions that it called, but for those in SQL that the planner has inlined.
CREATE FUNCTION cargo_migrate.used() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE since bigint := pg_current_xact_id_if_assigned()::text::numeric % 4294967296;
BEGIN RETURN (
    WITH used AS (
        SELECT d.refclassid, d.refobjid FROM pg_depend d
        WHERE d.xmin::text::bigint >= since AND d.refobjid >= 16384
    )
    SELECT coalesce(jsonb_agg(DISTINCT format('%I.%I', n.nspname, it.name)), '[]')
    FROM (
        SELECT p.pronamespace, p.proname FROM pg_proc p
        WHERE p.oid >= 16384 AND (pg_stat_get_xact_function_calls(p.oid) > 0
            OR p.oid IN (SELECT u.refobjid FROM used u WHERE u.refclassid = 'pg_proc'::regclass))
        UNION ALL
        SELECT e.typnamespace, e.typname FROM used u JOIN pg_type t ON t.oid = u.refobjid
        -- An array stands for what it is of.
        JOIN pg_type e ON e.oid = CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE t.oid END
        WHERE u.refclassid = 'pg_type'::regclass
    ) it (namespace, name) JOIN pg_namespace n ON n.oid = it.namespace
); END $$;

-- What the transaction did so far: locks that it holds, what they guard, and what is new in the
-- journal. `old_below` is greater than the identifier of every object that was there before.
CREATE FUNCTION cargo_migrate.reading(after_place bigint, old_below oid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    locks jsonb; held oid[]; strong oid[]; entries jsonb;
    relations oid[]; types oid[]; routines oid[];
BEGIN
    SELECT coalesce(jsonb_agg(jsonb_build_object('relation', l.relation::int8, 'mode', l.mode)), '[]'),
           coalesce(array_agg(DISTINCT l.relation), '{}'),
           coalesce(array_agg(DISTINCT l.relation) FILTER (WHERE l.mode IN (
               'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
               'AccessExclusiveLock')), '{}')
    INTO locks, held, strong
    FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation
    WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.relation >= 16384
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
      AND (c.oid IS NULL OR c.relnamespace NOT IN ('pg_toast'::regnamespace, 'cargo_migrate'::regnamespace));
    SELECT coalesce(jsonb_agg(to_jsonb(j) ORDER BY j.place), '[]'),
           coalesce(array_agg(j.object) FILTER (WHERE j.class = 'pg_class'::regclass), '{}')
           || coalesce((SELECT array_agg(t.tgrelid) FROM pg_trigger t WHERE t.oid = ANY (
               array_agg(j.object) FILTER (WHERE j.class = 'pg_trigger'::regclass))), '{}')
           || coalesce((SELECT array_agg(p.polrelid) FROM pg_policy p WHERE p.oid = ANY (
               array_agg(j.object) FILTER (WHERE j.class = 'pg_policy'::regclass))), '{}'),
           coalesce(array_agg(j.object) FILTER (WHERE j.class = 'pg_type'::regclass), '{}'),
           coalesce(array_agg(j.object) FILTER (WHERE j.class = 'pg_proc'::regclass), '{}')
    INTO entries, relations, types, routines
    FROM cargo_migrate.journal j WHERE j.place > after_place;
    SELECT relations || coalesce(array_agg(c.oid), '{}') INTO relations
    FROM cargo_migrate.journal j JOIN pg_class c ON c.relnamespace = j.object
    WHERE j.place > after_place AND j.class = 'pg_namespace'::regclass AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f');
    -- The attributes of a composite type are those of a relation.
    SELECT types || coalesce(array_agg(c.reltype), '{}') INTO types
    FROM pg_class c WHERE c.oid = ANY (relations) AND c.relkind = 'c';
    SELECT coalesce(array_agg(DISTINCT coalesce(x.indrelid, c.oid)), '{}') INTO relations
    FROM unnest(relations || strong) r JOIN pg_class c ON c.oid = r
    LEFT JOIN pg_index x ON x.indexrelid = c.oid
    WHERE coalesce(x.indrelid, c.oid) < old_below AND c.relkind <> 't';
    RETURN jsonb_build_object(
        'newest', (SELECT max(c.oid)::int8 FROM pg_class c),
        'set_for_all', EXISTS (
            SELECT FROM pg_db_role_setting s WHERE s.xmin = pg_current_xact_id_if_assigned()::xid),
        'lock_timeout', current_setting('lock_timeout') <> '0',
        'locks', locks, 'journal', entries,
        'used', cargo_migrate.used(),
        'indexed', (
            SELECT coalesce(jsonb_agg(DISTINCT format('%I.%I', n.nspname, c.relname)), '[]')
            FROM cargo_migrate.journal j JOIN pg_index x ON x.indexrelid = j.object
            JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE j.place > after_place AND j.class = 'pg_class'::regclass),
        'granted', CASE WHEN EXISTS (
            SELECT FROM cargo_migrate.journal j WHERE j.place > after_place AND j.tag IN ('GRANT', 'REVOKE'))
            THEN cargo_migrate.changed() ELSE '[]' END,
        'gauges', cargo_migrate.gauges(held),
        'relations', CASE WHEN relations = '{}' THEN '[]' ELSE cargo_migrate.relation_facts(relations) END,
        'types', CASE WHEN types = '{}' THEN '[]' ELSE cargo_migrate.type_facts(types) END,
        'routines', CASE WHEN routines = '{}' THEN '[]' ELSE cargo_migrate.routine_facts(routines) END);
END $$;

-- Moves every sequence on, as in a database that is in use: only then a restart is to be seen.
CREATE FUNCTION cargo_migrate.advance_sequences() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
SELECT setval(s.seqrelid::regclass, to_value::bigint)
FROM pg_sequence s, LATERAL (
    SELECT least(greatest(coalesce(pg_sequence_last_value(s.seqrelid), s.seqstart)::numeric
        + 1000 * s.seqincrement, s.seqmin), s.seqmax) AS to_value) v
$$;
