-- What keeps role $1 from using what it may use. $2 and $3 are the schemas and names of live shims of
-- tables, $4 are names of tables that belong to a tool and not to the app.
--
-- PostgreSQL's own functions say who may do what: by ownership, through other roles, through PUBLIC.
WITH RECURSIVE app AS (
    SELECT oid, pg_catalog.quote_ident(rolname) AS name FROM pg_catalog.pg_roles WHERE rolname = $1
),
space AS (
    SELECT
        n.oid,
        n.nspname,
        pg_catalog.quote_ident(n.nspname) AS name,
        pg_catalog.has_schema_privilege(app.oid, n.oid, 'USAGE') AS usable
    FROM pg_catalog.pg_namespace n
    CROSS JOIN app
    WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
),
-- Tables and views. Whoever may do it to one column may do it.
relation AS MATERIALIZED (
    SELECT
        c.oid,
        c.relkind AS kind,
        c.relowner AS owner,
        c.relispartition AS is_partition,
        c.relname::pg_catalog.text AS plain_name,
        s.nspname::pg_catalog.text AS plain_schema,
        pg_catalog.format('%I.%I', s.nspname, c.relname) AS name,
        CASE c.relkind
            WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table'
        END AS word,
        s.oid AS space,
        -- Whose privileges count for what a view reads: the owner's, or the reader's.
        coalesce(
            (
                SELECT option_value::pg_catalog.bool
                FROM pg_catalog.pg_options_to_table(c.reloptions)
                WHERE option_name = 'security_invoker'
            ),
            false
        ) AS is_invoker,
        pg_catalog.has_any_column_privilege(app.oid, c.oid, 'SELECT') AS selects,
        pg_catalog.has_any_column_privilege(app.oid, c.oid, 'INSERT') AS inserts,
        pg_catalog.has_any_column_privilege(app.oid, c.oid, 'UPDATE') AS updates,
        pg_catalog.has_table_privilege(app.oid, c.oid, 'DELETE') AS deletes
    FROM pg_catalog.pg_class c
    JOIN space s ON s.oid = c.relnamespace
    CROSS JOIN app
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e'
      )
),
-- Sequences but those of identity columns, which need no privilege.
sequence AS MATERIALIZED (
    SELECT
        c.oid,
        s.oid AS space,
        pg_catalog.format('%I.%I', s.nspname, c.relname) AS name,
        pg_catalog.has_sequence_privilege(app.oid, c.oid, 'USAGE')
            OR pg_catalog.has_sequence_privilege(app.oid, c.oid, 'UPDATE') AS advances,
        pg_catalog.has_sequence_privilege(app.oid, c.oid, 'SELECT') AS selects,
        EXISTS (
            SELECT FROM pg_catalog.pg_depend o
            WHERE o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.objid = c.oid AND o.deptype = 'a'
        ) AS is_owned
    FROM pg_catalog.pg_class c
    JOIN space s ON s.oid = c.relnamespace
    CROSS JOIN app
    WHERE c.relkind = 'S'
      AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype IN ('e', 'i')
      )
),
-- Functions that somebody has granted or revoked; the others are for everybody.
routine AS MATERIALIZED (
    SELECT
        p.oid,
        s.oid AS space,
        pg_catalog.format(
            '%I.%I(%s)', s.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)
        ) AS name,
        pg_catalog.has_function_privilege(app.oid, p.oid, 'EXECUTE') AS executes,
        -- Everybody may execute a function unless somebody says otherwise: that promises nothing.
        EXISTS (
            SELECT FROM pg_catalog.aclexplode(p.proacl) a
            WHERE a.grantee <> 0 AND pg_catalog.pg_has_role(app.oid, a.grantee, 'USAGE')
        ) AS is_promised,
        p.prorettype IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype)
            AS is_trigger
    FROM pg_catalog.pg_proc p
    JOIN space s ON s.oid = p.pronamespace
    CROSS JOIN app
    WHERE p.proacl IS NOT NULL
      AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.objid = p.oid AND e.deptype = 'e'
      )
),
-- What a view reads, column by column; 0 stands for the relation where no column is named.
source AS MATERIALIZED (
    SELECT DISTINCT w.ev_class AS view, d.refobjid AS base, d.refobjsubid::pg_catalog.int2 AS attnum
    FROM pg_catalog.pg_rewrite w
    JOIN pg_catalog.pg_class v ON v.oid = w.ev_class AND v.relkind = 'v'
    JOIN pg_catalog.pg_depend d
        ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
        AND d.objid = w.oid
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.refobjid <> w.ev_class
    WHERE w.ev_type = '1'
),
-- The one relation that a view is made of, which is what is written when the view is.
sole AS (
    SELECT view, min(base) AS base FROM source GROUP BY view HAVING min(base) = max(base)
),
-- The views that are read when the role reads those that it may read.
reading AS (
    SELECT oid AS view FROM relation WHERE kind = 'v' AND selects
    UNION
    SELECT source.base
    FROM reading
    JOIN source ON source.view = reading.view
    JOIN pg_catalog.pg_class c ON c.oid = source.base AND c.relkind = 'v'
),
-- Who writes what when the role writes what it may write: through views by way of their owners.
writing AS (
    SELECT
        r.oid AS relation,
        r.kind,
        p.privilege,
        p.bit,
        app.oid AS writer,
        NULL::pg_catalog.oid AS through,
        NULL::pg_catalog.oid AS writer_of_view,
        NULL::pg_catalog.oid AS above
    FROM relation r
    CROSS JOIN app
    JOIN (VALUES ('INSERT', 8), ('UPDATE', 4), ('DELETE', 16)) p (privilege, bit)
        ON CASE p.privilege WHEN 'INSERT' THEN r.inserts WHEN 'UPDATE' THEN r.updates ELSE r.deletes END
    UNION
    SELECT
        sole.base,
        c.relkind,
        w.privilege,
        w.bit,
        CASE WHEN v.is_invoker THEN app.oid ELSE v.owner END,
        v.oid,
        w.writer,
        w.through
    FROM writing w
    JOIN relation v ON v.oid = w.relation
    JOIN sole ON sole.view = v.oid
    JOIN pg_catalog.pg_class c ON c.oid = sole.base
    CROSS JOIN app
    WHERE w.kind = 'v'
      AND pg_catalog.pg_relation_is_updatable(v.oid, false) & w.bit <> 0
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = v.oid AND r.ev_type <> '1')
      -- A trigger INSTEAD OF this is asked first.
      AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_trigger t
          WHERE t.tgrelid = v.oid
            AND t.tgtype & 64 <> 0
            AND t.tgtype & CASE w.privilege WHEN 'INSERT' THEN 4 WHEN 'DELETE' THEN 8 ELSE 16 END <> 0
      )
),
-- Expressions that run as the role when it reads or writes a table.
expression AS (
    SELECT
        a.adrelid AS relation,
        'pg_catalog.pg_attrdef'::pg_catalog.regclass AS class,
        a.oid,
        CASE WHEN c.attgenerated = '' THEN ARRAY['INSERT'] ELSE ARRAY['INSERT', 'UPDATE'] END AS privileges,
        pg_catalog.format(
            '%s of column %I', CASE WHEN c.attgenerated = '' THEN 'the default' ELSE 'the value' END, c.attname
        ) AS what
    FROM pg_catalog.pg_attrdef a
    JOIN pg_catalog.pg_attribute c ON c.attrelid = a.adrelid AND c.attnum = a.adnum
    UNION ALL
    -- Before PostgreSQL 15 it is the column itself that depends on what its value is made with.
    SELECT
        c.attrelid,
        'pg_catalog.pg_class'::pg_catalog.regclass,
        c.attrelid,
        ARRAY['INSERT', 'UPDATE'],
        pg_catalog.format('the value of column %I', c.attname)
    FROM pg_catalog.pg_attribute c
    WHERE c.attgenerated <> '' AND pg_catalog.current_setting('server_version_num')::pg_catalog.int4 < 150000
    UNION ALL
    SELECT
        conrelid,
        'pg_catalog.pg_constraint'::pg_catalog.regclass,
        oid,
        ARRAY['INSERT', 'UPDATE'],
        pg_catalog.format('check %I', conname)
    FROM pg_catalog.pg_constraint
    WHERE contype = 'c' AND conrelid <> 0
    UNION ALL
    SELECT
        i.indrelid,
        'pg_catalog.pg_class'::pg_catalog.regclass,
        i.indexrelid,
        ARRAY['INSERT', 'UPDATE'],
        pg_catalog.format('index %I', c.relname)
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
    UNION ALL
    SELECT
        p.polrelid,
        'pg_catalog.pg_policy'::pg_catalog.regclass,
        p.oid,
        CASE p.polcmd
            WHEN 'r' THEN ARRAY['SELECT'] WHEN 'a' THEN ARRAY['INSERT'] WHEN 'w' THEN ARRAY['UPDATE']
            WHEN 'd' THEN ARRAY['DELETE'] ELSE ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']
        END,
        pg_catalog.format('policy %I', p.polname)
    FROM pg_catalog.pg_policy p
    JOIN pg_catalog.pg_class c ON c.oid = p.polrelid AND c.relrowsecurity
    CROSS JOIN app
    JOIN pg_catalog.pg_roles r ON r.oid = app.oid AND NOT r.rolbypassrls AND NOT r.rolsuper
    WHERE (c.relforcerowsecurity OR NOT pg_catalog.pg_has_role(app.oid, c.relowner, 'USAGE'))
      AND EXISTS (
          SELECT FROM pg_catalog.unnest(p.polroles) AS of (role)
          WHERE role = 0 OR pg_catalog.pg_has_role(app.oid, role, 'USAGE')
      )
),
-- What runs, for what, on which table.
running AS (
    SELECT DISTINCT e.class, e.oid, e.what, r.name AS place, w.privilege, r.oid AS relation
    FROM expression e
    JOIN relation r ON r.oid = e.relation
    JOIN (
        SELECT relation, privilege FROM writing
        UNION
        SELECT oid, 'SELECT' FROM relation WHERE selects
    ) w ON w.relation = e.relation AND w.privilege = ANY (e.privileges)
),
gap AS (
    -- A name in a schema cannot be said without the schema.
    SELECT
        'promised' AS kind,
        'schema ' || s.name AS object,
        'USAGE' AS missing,
        pg_catalog.format(
            '%s in it granted to the role, such as %s',
            CASE count(*) WHEN 1 THEN '1 object is' ELSE count(*) || ' objects are' END,
            min(o.name)
        ) AS reason,
        pg_catalog.format('GRANT USAGE ON SCHEMA %s TO %s', s.name, app.name) AS remedy
    FROM space s
    JOIN (
        SELECT space, word || ' ' || name AS name FROM relation WHERE selects OR inserts OR updates OR deletes
        UNION ALL
        -- That of a column is for the column's default, which does not say its name.
        SELECT space, 'sequence ' || name FROM sequence WHERE (advances OR selects) AND NOT is_owned
        UNION ALL
        SELECT space, 'function ' || name FROM routine WHERE is_promised
    ) o ON o.space = s.oid
    CROSS JOIN app
    WHERE NOT s.usable
    GROUP BY s.name, app.name

    UNION ALL
    -- What a view reads.
    SELECT
        'promised',
        b.word || ' ' || b.name,
        CASE WHEN u.columns IS NULL THEN 'SELECT' ELSE pg_catalog.format('SELECT (%s)', u.columns) END,
        pg_catalog.format(
            'view %s reads it as %s, and may be read', v.name,
            CASE WHEN u.reader = app.oid THEN 'its reader' ELSE 'its owner' END
        ),
        pg_catalog.format(
            'GRANT SELECT%s ON %s TO %s',
            CASE
                WHEN u.columns IS NOT NULL AND pg_catalog.has_any_column_privilege(u.reader, b.oid, 'SELECT')
                THEN pg_catalog.format(' (%s)', u.columns)
            END,
            b.name,
            pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(u.reader))
        )
    FROM (
        SELECT
            s.view,
            s.base,
            y.reader,
            pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
        FROM reading
        JOIN source s ON s.view = reading.view
        JOIN pg_catalog.pg_class c ON c.oid = s.view
        JOIN relation v ON v.oid = s.view
        CROSS JOIN app
        CROSS JOIN LATERAL (SELECT CASE WHEN v.is_invoker THEN app.oid ELSE v.owner END AS reader) y
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = s.base AND a.attnum = s.attnum AND s.attnum <> 0
        WHERE NOT CASE
            WHEN s.attnum = 0 THEN pg_catalog.has_any_column_privilege(y.reader, s.base, 'SELECT')
            ELSE pg_catalog.has_column_privilege(y.reader, s.base, s.attnum, 'SELECT')
        END
        GROUP BY s.view, s.base, y.reader
    ) u
    JOIN relation v ON v.oid = u.view
    JOIN relation b ON b.oid = u.base
    CROSS JOIN app

    UNION ALL
    -- What a view calls, it calls as its reader.
    SELECT
        'promised',
        'function ' || f.name,
        'EXECUTE',
        pg_catalog.format('view %s calls it, and may be read', v.name),
        pg_catalog.format('GRANT EXECUTE ON ROUTINE %s TO %s', f.name, app.name)
    FROM reading
    JOIN pg_catalog.pg_rewrite w ON w.ev_class = reading.view AND w.ev_type = '1'
    JOIN pg_catalog.pg_depend d
        ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
        AND d.objid = w.oid
        AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    JOIN routine f ON f.oid = d.refobjid AND NOT f.executes
    JOIN relation v ON v.oid = reading.view
    CROSS JOIN app

    UNION ALL
    -- What is written through a view, column by column where the whole is not granted.
    SELECT DISTINCT
        'promised',
        b.word || ' ' || b.name,
        CASE WHEN u.columns IS NULL THEN w.privilege ELSE pg_catalog.format('%s (%s)', w.privilege, u.columns) END,
        pg_catalog.format(
            'view %s writes it as %s, and may be written', v.name,
            CASE WHEN w.writer = app.oid THEN 'its writer' ELSE 'its owner' END
        ),
        pg_catalog.format(
            'GRANT %s%s ON %s TO %s',
            w.privilege,
            CASE
                WHEN w.privilege <> 'DELETE' AND pg_catalog.has_any_column_privilege(w.writer, b.oid, w.privilege)
                THEN pg_catalog.format(' (%s)', u.columns)
            END,
            b.name,
            pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(w.writer))
        )
    FROM writing w
    JOIN relation v ON v.oid = w.through
    JOIN relation b ON b.oid = w.relation
    CROSS JOIN app
    CROSS JOIN LATERAL (
        SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY c.attnum) AS columns
        FROM pg_catalog.pg_attribute a
        JOIN pg_catalog.pg_attribute c ON c.attrelid = b.oid AND c.attname = a.attname AND c.attnum > 0
        WHERE w.privilege <> 'DELETE'
          AND a.attrelid = v.oid
          AND a.attnum > 0
          AND NOT a.attisdropped
          AND pg_catalog.has_column_privilege(w.writer_of_view, v.oid, a.attnum, w.privilege)
          -- Of a view that is written through another, what that one has.
          AND (
              w.above IS NULL
              OR EXISTS (SELECT FROM source s WHERE s.view = w.above AND s.base = v.oid AND s.attnum = a.attnum)
          )
          AND NOT pg_catalog.has_column_privilege(w.writer, b.oid, c.attnum, w.privilege)
          AND pg_catalog.pg_column_is_updatable(v.oid, a.attnum, false)
    ) u
    WHERE NOT pg_catalog.has_table_privilege(w.writer, b.oid, w.privilege)
      AND (
          u.columns IS NOT NULL
          OR w.privilege = 'DELETE'
          OR NOT pg_catalog.has_any_column_privilege(w.writer, b.oid, w.privilege)
      )

    UNION ALL
    -- Sequences of defaults.
    SELECT
        'promised',
        'sequence ' || s.name,
        'USAGE',
        pg_catalog.format('%s in %s takes its next value', e.what, e.place),
        pg_catalog.format('GRANT USAGE ON SEQUENCE %s TO %s', s.name, app.name)
    FROM (SELECT DISTINCT class, oid, what, place FROM running) e
    JOIN pg_catalog.pg_depend d
        ON d.classid = e.class AND d.objid = e.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    JOIN sequence s ON s.oid = d.refobjid AND NOT s.advances
    CROSS JOIN app

    UNION ALL
    -- Functions of defaults, generated columns, checks, indexes and policies.
    SELECT
        'promised',
        'function ' || f.name,
        'EXECUTE',
        pg_catalog.format('%s on %s calls it', e.what, e.place),
        pg_catalog.format('GRANT EXECUTE ON ROUTINE %s TO %s', f.name, app.name)
    FROM (SELECT DISTINCT class, oid, what, place FROM running) e
    JOIN pg_catalog.pg_depend d
        ON d.classid = e.class AND d.objid = e.oid AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    JOIN routine f ON f.oid = d.refobjid AND NOT f.executes
    CROSS JOIN app

    UNION ALL
    -- Tables that policies look into.
    SELECT DISTINCT
        'promised',
        r.word || ' ' || r.name,
        'SELECT',
        pg_catalog.format('%s on %s reads it', e.what, e.place),
        pg_catalog.format('GRANT SELECT ON %s TO %s', r.name, app.name)
    FROM (SELECT DISTINCT class, oid, what, place, relation FROM running) e
    JOIN pg_catalog.pg_depend d
        ON d.classid = e.class AND d.objid = e.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    JOIN relation r ON r.oid = d.refobjid AND r.oid <> e.relation
    CROSS JOIN app
    WHERE e.class = 'pg_catalog.pg_policy'::pg_catalog.regclass
      AND NOT CASE
          WHEN d.refobjsubid = 0 THEN r.selects
          ELSE pg_catalog.has_column_privilege(app.oid, r.oid, d.refobjsubid::pg_catalog.int2, 'SELECT')
      END

    UNION ALL
    -- The view under the old name of a table is for the previous release what the table is for this one.
    SELECT
        'shim',
        'view ' || v.name,
        CASE WHEN u.is_whole THEN p.privilege ELSE pg_catalog.format('%s (%s)', p.privilege, u.columns) END,
        pg_catalog.format('it stands in for %s under the old name, on which the role has it', b.name),
        pg_catalog.format(
            'GRANT %s%s ON %s TO %s',
            p.privilege,
            CASE WHEN NOT u.is_whole THEN pg_catalog.format(' (%s)', u.columns) END,
            v.name,
            app.name
        )
    FROM ROWS FROM (pg_catalog.unnest($2::pg_catalog.text[]), pg_catalog.unnest($3::pg_catalog.text[]))
        AS shim (space, name)
    JOIN relation v ON v.kind = 'v' AND v.plain_schema = shim.space AND v.plain_name = shim.name
    JOIN sole ON sole.view = v.oid
    JOIN relation b ON b.oid = sole.base
    CROSS JOIN app
    CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) p (privilege)
    CROSS JOIN LATERAL (
        SELECT pg_catalog.has_table_privilege(app.oid, b.oid, p.privilege) AS is_whole
    ) t
    CROSS JOIN LATERAL (
        SELECT
            t.is_whole,
            pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
        FROM pg_catalog.pg_attribute a
        LEFT JOIN pg_catalog.pg_attribute c ON c.attrelid = b.oid AND c.attname = a.attname AND c.attnum > 0
        WHERE p.privilege <> 'DELETE'
          AND a.attrelid = v.oid
          AND a.attnum > 0
          AND NOT a.attisdropped
          AND (t.is_whole OR pg_catalog.has_column_privilege(app.oid, b.oid, c.attnum, p.privilege))
          AND NOT pg_catalog.has_column_privilege(app.oid, v.oid, a.attnum, p.privilege)
    ) u
    WHERE u.columns IS NOT NULL
       OR (p.privilege = 'DELETE' AND t.is_whole AND NOT v.deletes)

    UNION ALL
    -- Something that the role cannot use at all, in a schema where it can use most of the like.
    SELECT
        'unlike',
        o.word || ' ' || o.name,
        m.privileges,
        pg_catalog.format('it may use %s of the %s like it in schema %s', m.used, m.total - 1, s.name),
        pg_catalog.format(
            'GRANT %s ON %s%s TO %s',
            m.privileges,
            CASE o.family WHEN 'sequence' THEN 'SEQUENCE ' WHEN 'function' THEN 'ROUTINE ' ELSE '' END,
            o.name,
            app.name
        )
    FROM (
        SELECT
            space, CASE WHEN kind IN ('v', 'm') THEN 'view' ELSE 'table' END AS family, word, name,
            selects OR inserts OR updates OR deletes AS is_used,
            NOT is_partition AND plain_name <> ALL ($4::pg_catalog.text[])
                AND NOT EXISTS (
                    SELECT
                    FROM ROWS FROM (pg_catalog.unnest($2::pg_catalog.text[]), pg_catalog.unnest($3::pg_catalog.text[]))
                        AS shim (space, name)
                    WHERE shim.space = plain_schema AND shim.name = plain_name
                ) AS is_the_apps
        FROM relation
        UNION ALL
        SELECT space, 'sequence', 'sequence', name, advances OR selects, NOT is_owned FROM sequence
        UNION ALL
        SELECT space, 'function', 'function', name, executes, NOT is_trigger FROM routine
    ) o
    JOIN (
        SELECT
            space,
            family,
            count(*) AS total,
            count(*) FILTER (WHERE selects OR inserts OR updates OR deletes) AS used,
            coalesce(
                nullif(
                    pg_catalog.concat_ws(
                        ', ',
                        CASE WHEN count(*) FILTER (WHERE selects) * 2 > count(*) THEN word END,
                        CASE WHEN count(*) FILTER (WHERE inserts) * 2 > count(*) THEN 'INSERT' END,
                        CASE WHEN count(*) FILTER (WHERE updates) * 2 > count(*) THEN 'UPDATE' END,
                        CASE WHEN count(*) FILTER (WHERE deletes) * 2 > count(*) THEN 'DELETE' END
                    ),
                    ''
                ),
                word
            ) AS privileges
        FROM (
            SELECT
                space, CASE WHEN kind IN ('v', 'm') THEN 'view' ELSE 'table' END AS family, 'SELECT' AS word,
                selects, inserts, updates, deletes
            FROM relation
            WHERE NOT is_partition AND plain_name <> ALL ($4::pg_catalog.text[])
            UNION ALL
            SELECT space, 'sequence', 'USAGE', advances OR selects, false, false, false FROM sequence WHERE NOT is_owned
            UNION ALL
            SELECT space, 'function', 'EXECUTE', executes, false, false, false FROM routine WHERE NOT is_trigger
        ) each
        GROUP BY space, family, word
        HAVING count(*) FILTER (WHERE selects OR inserts OR updates OR deletes) * 2 > count(*)
    ) m ON m.space = o.space AND m.family = o.family
    JOIN space s ON s.oid = o.space
    CROSS JOIN app
    WHERE NOT o.is_used AND o.is_the_apps
)
SELECT DISTINCT kind, object, missing, reason, remedy
FROM gap
ORDER BY kind, object, missing, reason, remedy
