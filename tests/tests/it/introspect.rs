//! Database to catalog: each kind of object.

use integration_tests::postgres::{TestDatabase, major};
use schema_core::catalog::{
    Catalog, Column, ConstraintKind, Deferrable, Generation, IndexKey, NotNull, Persistence,
    ReferentialAction, SchemaObject, SequenceOptions, Table,
};
use schema_core::ident::{Ident, QualifiedName};
use schema_core::introspect::{IntrospectError, Scope, introspect};
use sqlx::Connection as _;

fn name(name: &str) -> QualifiedName {
    QualifiedName::in_default_schema(name)
}

async fn catalog(sql: &str) -> Catalog {
    TestDatabase::with(sql).await.catalog().await
}

/// The catalog of one table `t`.
async fn table(sql: &str) -> Table {
    let mut catalog = catalog(sql).await;
    catalog.tables.remove(&name("t")).expect("the table t")
}

fn column<'t>(table: &'t Table, name: &str) -> &'t Column {
    table.column(name).expect("the column")
}

#[tokio::test]
async fn empty_database() {
    let catalog = catalog("").await;
    let expected = Catalog {
        schemas: [("public".into(), SchemaObject::default())].into(),
        ..Catalog::default()
    };
    assert_eq!(catalog, expected);
}

#[tokio::test]
async fn database_without_public() {
    let catalog = catalog(
        "DROP SCHEMA public; CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ();
        CREATE TABLE s.t (a s.e)",
    )
    .await;
    assert!(catalog.schemas.keys().eq(["s"].iter()));
    let table = &catalog.tables[&QualifiedName::new("s", "t")];
    assert_eq!(column(table, "a").data_type, "s.e");
}

#[tokio::test]
async fn schemas_and_extensions() {
    let catalog = catalog(
        "CREATE SCHEMA billing; COMMENT ON SCHEMA billing IS 'Money.';
        COMMENT ON SCHEMA public IS 'Ours.';
        CREATE EXTENSION citext SCHEMA billing; CREATE EXTENSION hstore;
        CREATE TABLE t (a billing.citext, b hstore, c billing.citext[])",
    )
    .await;
    assert_eq!(catalog.schemas["public"].comment.as_deref(), Some("Ours."));
    assert_eq!(
        catalog.schemas["billing"].comment.as_deref(),
        Some("Money.")
    );
    let schema = |name| catalog.extensions[name].schema.clone().unwrap();
    assert_eq!(
        (schema("citext"), schema("hstore")),
        ("billing".into(), "public".into())
    );
    let types: Vec<_> = catalog.tables[&name("t")]
        .columns
        .iter()
        .map(|it| (it.data_type.as_str(), &it.type_name))
        .collect();
    let expected = ["billing.citext", "hstore", "billing.citext[]"];
    assert_eq!(types, expected.map(|it| (it, &None)));
    // What the extensions brought along is theirs.
    assert_eq!(catalog.unmodelled, [].into());
    assert!(catalog.domains.is_empty() && catalog.sequences.is_empty());
}

#[tokio::test]
async fn enums() {
    let catalog = catalog(
        "CREATE TYPE status AS ENUM ('new', 'it''s'); ALTER TYPE status ADD VALUE 'old' BEFORE 'new'; COMMIT;
        CREATE TYPE \"No labels\" AS ENUM (); COMMENT ON TYPE status IS 'State.';
        CREATE TABLE t (a status DEFAULT 'new', b status[] DEFAULT '{new,old}', c \"No labels\")",
    )
    .await;
    let status = &catalog.enums[&name("status")];
    assert_eq!(status.labels, ["old", "new", "it's"]);
    assert_eq!(status.comment.as_deref(), Some("State."));
    assert_eq!(catalog.enums[&name("No labels")].labels, [""; 0]);
    let table = &catalog.tables[&name("t")];
    let default = |sql: &str| Generation::Default(sql.to_owned());
    let b = column(table, "b");
    assert_eq!(
        (b.data_type.as_str(), &b.type_name),
        ("status[]", &Some(name("status")))
    );
    assert_eq!(b.generation, default("'{new,old}'::status[]"));
    assert_eq!(column(table, "a").generation, default("'new'::status"));
    assert_eq!(column(table, "c").data_type, "\"No labels\"");
}

#[tokio::test]
async fn domains() {
    let catalog = catalog(
        "CREATE TYPE status AS ENUM ('new');
        CREATE DOMAIN email AS varchar(80) COLLATE \"C\" DEFAULT 'a@b' NOT NULL
            CONSTRAINT has_at CHECK (VALUE LIKE '%@%') CHECK (VALUE <> '');
        CREATE DOMAIN open_status AS status; CREATE DOMAIN statuses AS status[];
        CREATE DOMAIN work_email AS email; COMMENT ON DOMAIN work_email IS 'At work.';
        ALTER DOMAIN work_email ADD CONSTRAINT ours CHECK (VALUE LIKE '%us') NOT VALID",
    )
    .await;
    let email = &catalog.domains[&name("email")];
    assert_eq!(email.base, "character varying(80)");
    assert_eq!(email.collation.as_deref(), Some("\"C\""));
    assert_eq!(email.default.as_deref(), Some("'a@b'::character varying"));
    assert!(email.not_null);
    let checks: Vec<_> = email
        .checks
        .iter()
        .map(|(name, check)| (name.as_str(), check.expression.as_str(), check.validated))
        .collect();
    let expected = [
        ("email_check", "(VALUE)::text <> ''::text", true),
        ("has_at", "(VALUE)::text ~~ '%@%'::text", true),
    ];
    assert_eq!(checks, expected);
    let base = |domain| catalog.domains[&name(domain)].base_name.clone();
    assert_eq!(base("open_status"), Some(name("status")));
    assert_eq!(base("statuses"), Some(name("status")));
    assert_eq!(base("email"), None);
    let work = &catalog.domains[&name("work_email")];
    assert_eq!(
        (&work.base_name, &work.collation),
        (&Some(name("email")), &None)
    );
    assert_eq!(work.comment.as_deref(), Some("At work."));
    assert!(!work.checks["ours"].validated);
}

#[tokio::test]
async fn sequences() {
    let catalog = catalog(
        "CREATE SEQUENCE alone AS smallint INCREMENT BY -2 START WITH -10 CACHE 5 CYCLE;
        CREATE SEQUENCE plain; COMMENT ON SEQUENCE plain IS 'Counts.';
        CREATE SEQUENCE bounded MINVALUE 10 MAXVALUE 99 START WITH 10;
        CREATE TABLE t (id serial, big bigserial, other int DEFAULT nextval('plain'));",
    )
    .await;
    let alone = &catalog.sequences[&name("alone")];
    let options = SequenceOptions {
        start: Some(-10),
        increment: Some(-2),
        cache: Some(5),
        cycle: true,
        ..SequenceOptions::default()
    };
    assert_eq!(
        (alone.data_type.as_str(), &alone.options),
        ("smallint", &options)
    );
    assert_eq!(alone.owned_by, None);
    let bounded = SequenceOptions {
        min: Some(10),
        max: Some(99),
        ..SequenceOptions::default()
    };
    assert_eq!(catalog.sequences[&name("bounded")].options, bounded);
    assert_eq!(
        catalog.sequences[&name("plain")].comment.as_deref(),
        Some("Counts.")
    );
    let serial = &catalog.sequences[&name("t_id_seq")];
    assert_eq!(serial.owned_by, Some((name("t"), "id".into())));
    assert_eq!(
        (serial.data_type.as_str(), &serial.options),
        ("integer", &SequenceOptions::default())
    );
    let table = &catalog.tables[&name("t")];
    let expected = Generation::Default("nextval('plain'::regclass)".to_owned());
    assert_eq!(column(table, "other").generation, expected);
}

#[tokio::test]
async fn columns() {
    let table = table(
        "CREATE TABLE t (
            plain text, required text NOT NULL, preset text DEFAULT 'it''s',
            computed int DEFAULT (1 + 2), at timestamptz DEFAULT '2020-01-01 12:00+02',
            spelled interval DEFAULT '1 day 2 hours', collated text COLLATE \"C\",
            domestic name, stored text, packed text COMPRESSION pglz
        );
        ALTER TABLE t ALTER stored SET STORAGE external;
        COMMENT ON COLUMN t.plain IS 'Plain.';
        ALTER TABLE t ADD gone int; ALTER TABLE t DROP gone",
    )
    .await;
    let names: Vec<_> = table.columns.iter().map(|it| it.name.as_str()).collect();
    let expected = [
        "plain", "required", "preset", "computed", "at", "spelled", "collated", "domestic",
        "stored", "packed",
    ];
    assert_eq!(names, expected);
    let plain = Column {
        comment: Some("Plain.".to_owned()),
        ..Column::new("plain", "text")
    };
    assert_eq!(*column(&table, "plain"), plain);
    assert!(column(&table, "required").not_null);
    for (name, default) in [
        ("preset", "'it''s'::text"),
        ("computed", "(1 + 2)"),
        ("at", "'2020-01-01 10:00:00+00'::timestamp with time zone"),
        ("spelled", "'1 day 02:00:00'::interval"),
    ] {
        let expected = Generation::Default(default.to_owned());
        assert_eq!(column(&table, name).generation, expected);
    }
    assert_eq!(
        column(&table, "collated").collation.as_deref(),
        Some("\"C\"")
    );
    assert_eq!(column(&table, "domestic").collation, None);
    assert_eq!(
        column(&table, "stored").storage.as_deref(),
        Some("external")
    );
    assert_eq!(
        column(&table, "packed").compression.as_deref(),
        Some("pglz")
    );
}

#[tokio::test]
async fn identity_and_generated_columns() {
    let table = table(
        "CREATE TABLE t (
            a bigint GENERATED ALWAYS AS IDENTITY, b smallint GENERATED BY DEFAULT AS IDENTITY
                (START WITH 30 INCREMENT BY -3 MINVALUE -300 MAXVALUE 30 CACHE 2 CYCLE),
            sum int GENERATED ALWAYS AS (a + b) STORED,
            low text GENERATED ALWAYS AS (a::text || 'x') STORED
        )",
    )
    .await;
    let Generation::Identity(a) = &column(&table, "a").generation else {
        panic!("a is an identity column");
    };
    assert!(a.always && column(&table, "a").not_null);
    assert_eq!(a.options, SequenceOptions::default());
    let Generation::Identity(b) = &column(&table, "b").generation else {
        panic!("b is an identity column");
    };
    let options = SequenceOptions {
        start: None,
        increment: Some(-3),
        min: Some(-300),
        max: Some(30),
        cache: Some(2),
        cycle: true,
    };
    assert_eq!((b.always, &b.options), (false, &options));
    let stored = |expression: &str| Generation::Stored(expression.to_owned());
    assert_eq!(column(&table, "sum").generation, stored("a + b"));
    assert_eq!(
        column(&table, "low").generation,
        stored("(a)::text || 'x'::text")
    );
}

#[tokio::test]
async fn keys_and_checks() {
    let table = table(
        "CREATE TABLE t (
            a int, b text, c int,
            CONSTRAINT pk PRIMARY KEY (b, a) INCLUDE (c) WITH (fillfactor = 80),
            CONSTRAINT late UNIQUE (c) DEFERRABLE INITIALLY DEFERRED,
            CONSTRAINT soon UNIQUE (a, c) DEFERRABLE,
            CONSTRAINT all_of CHECK (c > a AND b <> ')') NO INHERIT,
            CONSTRAINT choice CHECK (CASE WHEN a = 1 THEN true ELSE b LIKE 'x%' END)
        );
        ALTER TABLE t ADD CONSTRAINT unchecked CHECK (a > 0) NOT VALID;
        COMMENT ON CONSTRAINT pk ON t IS 'Key.'",
    )
    .await;
    let pk = &table.constraints["pk"];
    let ConstraintKind::PrimaryKey(key) = &pk.kind else {
        panic!("pk is a primary key");
    };
    assert_eq!(key.columns, ["b", "a"]);
    assert_eq!(key.include, ["c"]);
    assert_eq!(
        key.storage_parameters,
        [("fillfactor".to_owned(), "80".to_owned())].into()
    );
    assert_eq!(pk.comment.as_deref(), Some("Key."));
    assert_eq!(pk.deferrable, Deferrable::No);
    assert_eq!(
        table.constraints["late"].deferrable,
        Deferrable::InitiallyDeferred
    );
    assert_eq!(
        table.constraints["soon"].deferrable,
        Deferrable::InitiallyImmediate
    );
    let checks: Vec<_> = table
        .constraints
        .iter()
        .filter_map(|(name, it)| match &it.kind {
            ConstraintKind::Check(check) => {
                let text = check.expression.replace("\n    ", " ").replace('\n', " ");
                let columns = check.columns.iter().map(Ident::as_str).collect::<Vec<_>>();
                Some((
                    name.to_string(),
                    text,
                    columns.join(","),
                    check.no_inherit,
                    it.validated,
                ))
            }
            _ => None,
        })
        .collect();
    let check = |name: &str, text: &str, columns: &str, no_inherit, validated| {
        (
            name.to_owned(),
            text.to_owned(),
            columns.to_owned(),
            no_inherit,
            validated,
        )
    };
    let choice = "CASE WHEN (a = 1) THEN true ELSE (b ~~ 'x%'::text) END";
    let expected = [
        check(
            "all_of",
            "(c > a) AND (b <> ')'::text)",
            "a,b,c",
            true,
            true,
        ),
        check("choice", choice, "a,b", false, true),
        check("unchecked", "a > 0", "a", false, false),
    ];
    assert_eq!(checks, expected);
    assert!(table.indexes.is_empty());
    assert!(column(&table, "a").not_null && !column(&table, "c").not_null);
}

#[tokio::test]
async fn foreign_keys() {
    let catalog = catalog(
        "CREATE SCHEMA s; CREATE TABLE s.target (x int, y text, UNIQUE (y, x));
        CREATE TABLE t (
            id int PRIMARY KEY, parent int CONSTRAINT own REFERENCES t ON DELETE CASCADE,
            x int, y text,
            CONSTRAINT full_match FOREIGN KEY (x, y) REFERENCES s.target (x, y) MATCH FULL
                ON UPDATE SET DEFAULT ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
        );
        ALTER TABLE t ADD CONSTRAINT unchecked FOREIGN KEY (x) REFERENCES t ON DELETE SET NULL
            NOT VALID",
    )
    .await;
    let table = &catalog.tables[&name("t")];
    let key = |name: &str| match &table.constraints[name].kind {
        ConstraintKind::ForeignKey(key) => key,
        other => panic!("{other:?}"),
    };
    let own = key("own");
    assert_eq!(
        (&own.references, &own.columns[..]),
        (&name("t"), &["parent".into()][..])
    );
    assert_eq!(own.referenced_columns, ["id"]);
    assert_eq!(own.on_delete, ReferentialAction::Cascade);
    let full = key("full_match");
    assert_eq!(full.references, QualifiedName::new("s", "target"));
    assert_eq!(full.columns, ["x", "y"]);
    assert_eq!(full.referenced_columns, ["x", "y"]);
    assert!(full.match_full);
    assert_eq!(full.on_update, ReferentialAction::SetDefault);
    assert_eq!(full.on_delete, ReferentialAction::Restrict);
    assert_eq!(
        table.constraints["full_match"].deferrable,
        Deferrable::InitiallyDeferred
    );
    assert!(!table.constraints["unchecked"].validated);
    assert_eq!(key("unchecked").on_delete, ReferentialAction::SetNull);
}

#[tokio::test]
async fn newer_clauses_of_constraints() {
    if major().await < 15 {
        println!("skipped: PostgreSQL 14 has neither clause");
        return;
    }
    let table = table(
        "CREATE TABLE t (
            a int, b int, UNIQUE (a), CONSTRAINT one_null UNIQUE NULLS NOT DISTINCT (b, a),
            CONSTRAINT own FOREIGN KEY (b, a) REFERENCES t (b, a) ON DELETE SET NULL (a)
        );
        CREATE UNIQUE INDEX i ON t (b) NULLS NOT DISTINCT",
    )
    .await;
    let ConstraintKind::Unique(key) = &table.constraints["one_null"].kind else {
        panic!("one_null is a unique constraint");
    };
    assert!(key.nulls_not_distinct);
    let ConstraintKind::ForeignKey(key) = &table.constraints["own"].kind else {
        panic!("own is a foreign key");
    };
    assert_eq!(key.on_delete_columns, ["a"]);
    assert!(table.indexes["i"].nulls_not_distinct);
}

#[tokio::test]
async fn exclusion_constraints() {
    let table = table(
        "CREATE EXTENSION btree_gist;
        CREATE SCHEMA s;
        CREATE FUNCTION s.same(int, int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT $1 = $2';
        CREATE OPERATOR s.=== (FUNCTION = s.same, LEFTARG = int, RIGHTARG = int, COMMUTATOR = OPERATOR(s.===));
        ALTER OPERATOR FAMILY gist_int4_ops USING gist ADD OPERATOR 30 s.=== (int, int);
        CREATE TABLE t (
            room int, during tsrange, name text, spare int,
            CONSTRAINT free EXCLUDE USING gist
                (room WITH =, during WITH &&, (lower(name) || ' WITH x') COLLATE \"C\" WITH <>)
                INCLUDE (spare) WITH (fillfactor = 70) WHERE (room > 0) DEFERRABLE,
            CONSTRAINT own EXCLUDE USING gist (room WITH OPERATOR(s.===))
        )",
    )
    .await;
    let free = &table.constraints["free"];
    let ConstraintKind::Exclusion(exclusion) = &free.kind else {
        panic!("free is an exclusion constraint");
    };
    let elements: Vec<_> = exclusion
        .elements
        .iter()
        .map(|(element, operator)| {
            (
                &element.key,
                element.collation.as_deref(),
                operator.as_str(),
            )
        })
        .collect();
    let expression = IndexKey::Expression("lower(name) || ' WITH x'::text".to_owned());
    let expected = [
        (&IndexKey::Column("room".into()), None, "="),
        (&IndexKey::Column("during".into()), None, "&&"),
        (&expression, Some("\"C\""), "<>"),
    ];
    assert_eq!(elements, expected);
    assert_eq!(exclusion.include, ["spare"]);
    assert_eq!(exclusion.predicate.as_deref(), Some("room > 0"));
    assert_eq!(exclusion.columns, ["during", "name", "room", "spare"]);
    assert_eq!(
        exclusion.storage_parameters,
        [("fillfactor".to_owned(), "70".to_owned())].into()
    );
    assert_eq!(free.deferrable, Deferrable::InitiallyImmediate);
    let ConstraintKind::Exclusion(own) = &table.constraints["own"].kind else {
        panic!("own is an exclusion constraint");
    };
    assert_eq!(own.elements[0].1, "OPERATOR(s.===)");
}

#[tokio::test]
async fn indexes() {
    let table = table(
        "CREATE TABLE t (a int, b text, c text COLLATE \"C\", d jsonb, e tsvector);
        CREATE UNIQUE INDEX plain ON t (a, b DESC, c NULLS FIRST) INCLUDE (d) WITH (fillfactor = 50);
        CREATE INDEX special ON t (lower(b) COLLATE \"POSIX\" text_pattern_ops DESC NULLS LAST, (a + 1), c)
            WHERE b <> 'it''s' OR a IS NULL;
        CREATE INDEX own_collation ON t (c COLLATE \"default\");
        CREATE INDEX paths ON t USING gin (d jsonb_path_ops);
        CREATE INDEX words ON t USING gist (e tsvector_ops (siglen = 100));
        COMMENT ON INDEX paths IS 'Paths.'",
    )
    .await;
    let element = |index: &str, place: usize| {
        let element = &table.indexes[index].elements[place];
        let key = match &element.key {
            IndexKey::Column(name) => name.to_string(),
            IndexKey::Expression(expression) => format!("({expression})"),
        };
        let mut text = vec![key];
        text.extend(element.collation.clone());
        text.extend(element.opclass.clone());
        text.extend(element.descending.then(|| "desc".to_owned()));
        text.extend(element.nulls_first.then(|| "nulls first".to_owned()));
        text.join(" | ")
    };
    assert_eq!(element("plain", 0), "a");
    assert_eq!(element("plain", 1), "b | desc | nulls first");
    assert_eq!(element("plain", 2), "c | nulls first");
    assert_eq!(
        element("special", 0),
        "(lower(b)) | \"POSIX\" | text_pattern_ops | desc"
    );
    assert_eq!(element("special", 1), "(a + 1)");
    assert_eq!(element("special", 2), "c");
    assert_eq!(element("own_collation", 0), "c | \"default\"");
    assert_eq!(element("paths", 0), "d | jsonb_path_ops");
    assert_eq!(element("words", 0), "e | tsvector_ops (siglen='100')");
    let plain = &table.indexes["plain"];
    assert!(plain.unique && plain.valid && plain.method == "btree");
    assert_eq!(plain.include, ["d"]);
    assert_eq!(plain.columns, ["a", "b", "c", "d"]);
    assert_eq!(
        plain.storage_parameters,
        [("fillfactor".to_owned(), "50".to_owned())].into()
    );
    let special = &table.indexes["special"];
    assert_eq!(special.columns, ["a", "b", "c"]);
    assert_eq!(
        special.predicate.as_deref(),
        Some("(b <> 'it''s'::text) OR (a IS NULL)")
    );
    assert_eq!(table.indexes["paths"].comment.as_deref(), Some("Paths."));
    assert_eq!(table.indexes["paths"].method, "gin");
}

#[tokio::test]
async fn an_index_that_failed_to_build_is_not_valid() {
    let database =
        TestDatabase::with("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)").await;
    let build = "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)";
    let mut connection = database.connect().await;
    let failed = sqlx::raw_sql(build).execute(&mut connection).await;
    assert!(failed.is_err());
    let catalog = database.catalog().await;
    assert!(!catalog.tables[&name("t")].indexes["i"].valid);
}

#[tokio::test]
async fn tables() {
    let table = table(
        "CREATE UNLOGGED TABLE t (a text)
            WITH (fillfactor = 60, autovacuum_enabled = off, toast.autovacuum_enabled = false);
        COMMENT ON TABLE t IS 'It''s a table.'",
    )
    .await;
    assert_eq!(table.persistence, Persistence::Unlogged);
    assert_eq!(table.comment.as_deref(), Some("It's a table."));
    let parameters = [
        ("autovacuum_enabled", "off"),
        ("fillfactor", "60"),
        ("toast.autovacuum_enabled", "false"),
    ];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(table.storage_parameters, parameters.into());
}

#[tokio::test]
async fn hostile_names() {
    let database = TestDatabase::with(
        r#"CREATE SCHEMA "a.b"; CREATE TYPE "a.b"."T ""x" AS ENUM ('l');
        CREATE TABLE "a.b"."order" ("sel ect" int PRIMARY KEY, "(),""" text, "USING btree (" "a.b"."T ""x"[]);
        CREATE INDEX "INCLUDE (" ON "a.b"."order" (lower("(),""") text_pattern_ops, "USING btree (") WHERE "(),""" <> '"';
        CREATE TABLE "größe" (id serial, "id)" int REFERENCES "a.b"."order", CHECK ("id)" > 1))"#,
    )
    .await;
    let catalog = database.catalog().await;
    let table = &catalog.tables[&QualifiedName::new("a.b", "order")];
    let index = &table.indexes["INCLUDE ("];
    let expression = IndexKey::Expression("lower(\"(),\"\"\")".to_owned());
    assert_eq!(index.elements[0].key, expression);
    assert_eq!(
        index.elements[0].opclass.as_deref(),
        Some("text_pattern_ops")
    );
    assert_eq!(index.columns, ["(),\"", "USING btree ("]);
    let list = column(table, "USING btree (");
    assert_eq!(list.data_type, "\"a.b\".\"T \"\"x\"[]");
    assert_eq!(list.type_name, Some(QualifiedName::new("a.b", "T \"x")));
    let json = serde_json::to_string(&catalog).unwrap();
    assert_eq!(serde_json::from_str::<Catalog>(&json).unwrap(), catalog);
}

#[tokio::test]
async fn every_kind_of_object_is_modelled() {
    let catalog = catalog(
        "CREATE TABLE t (a int PRIMARY KEY, b text); ALTER TABLE t ENABLE ROW LEVEL SECURITY;
        CREATE POLICY p ON t USING (true); CREATE STATISTICS s ON a, b FROM t;
        CREATE RULE r AS ON INSERT TO t DO NOTHING;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
        CREATE VIEW v AS SELECT * FROM t; CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;
        CREATE TABLE parted (id serial) PARTITION BY RANGE (id);
        CREATE TABLE part PARTITION OF parted FOR VALUES FROM (1) TO (2);
        CREATE TABLE parent (a int); CREATE TABLE child (b int) INHERITS (parent);
        CREATE TYPE pair AS (a int, b int); CREATE TYPE span AS RANGE (subtype = float8);
        CREATE TABLE typed OF pair;
        CREATE PUBLICATION pub FOR TABLE t; CREATE COLLATION c FROM \"C\";
        CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE EVENT TRIGGER et ON ddl_command_end EXECUTE FUNCTION e();
        CREATE FOREIGN DATA WRAPPER fdw; CREATE SERVER srv FOREIGN DATA WRAPPER fdw;
        CREATE FOREIGN TABLE far (a int) SERVER srv; CREATE TEMPORARY TABLE gone (a int)",
    )
    .await;
    let tables = ["child", "far", "parent", "part", "parted", "t", "typed"].map(name);
    assert!(catalog.tables.keys().eq(&tables));
    assert!(catalog.sequences.keys().eq([&name("parted_id_seq")]));
    assert_eq!(catalog.unmodelled, [].into());
}

#[tokio::test]
async fn clauses_of_postgresql_18() {
    if major().await < 18 {
        println!("skipped: an older PostgreSQL");
        return;
    }
    let catalog = catalog(
        "CREATE TABLE t (
            a int NOT NULL, b int GENERATED ALWAYS AS (a * 2) VIRTUAL,
            c int CONSTRAINT hoped CHECK (c > 0) NOT ENFORCED, d int CHECK (d > 0),
            CONSTRAINT named NOT NULL d
        )",
    )
    .await;
    let table = &catalog.tables[&name("t")];
    assert!(table.constraints.keys().eq(["hoped", "t_d_check"].iter()));
    assert!(!table.constraints["hoped"].enforced && table.constraints["t_d_check"].enforced);
    let doubled = Generation::Virtual("a * 2".to_owned());
    assert_eq!(column(table, "b").generation, doubled);
    assert_eq!(column(table, "a").not_null_constraint, None);
    let named = NotNull {
        name: Some("named".into()),
        ..NotNull::default()
    };
    assert_eq!(column(table, "d").not_null_constraint, Some(named));
    assert_eq!(catalog.unmodelled, [].into());
}

#[tokio::test]
async fn scopes_leave_the_rest_out() {
    let database = TestDatabase::with(
        "CREATE SCHEMA s; CREATE TABLE s.a (id serial PRIMARY KEY);
        CREATE TABLE b (id serial PRIMARY KEY, a int REFERENCES s.a);
        CREATE TABLE c (id serial PRIMARY KEY); CREATE SEQUENCE alone; CREATE VIEW s.v AS SELECT 1 AS one;",
    )
    .await;
    let whole = database.catalog().await;

    let part = database.catalog_of(&Scope::of_tables([name("b")])).await;
    assert!(part.tables.keys().eq([&name("b")]));
    assert_eq!(part.tables[&name("b")], whole.tables[&name("b")]);
    assert!(
        part.sequences
            .keys()
            .eq([&name("alone"), &name("b_id_seq")])
    );

    let none = database.catalog_of(&Scope::of_tables([])).await;
    assert!(none.tables.is_empty());

    let scope = Scope {
        schemas: Some(["public".into()].into()),
        excluded_tables: [name("c")].into(),
        ..Scope::default()
    };
    let public = database.catalog_of(&scope).await;
    assert!(public.schemas.keys().eq(["public"].iter()));
    assert_eq!(public.tables[&name("b")], whole.tables[&name("b")]);
    assert!(public.tables.keys().eq([&name("b")]));
    assert_eq!(public.unmodelled, [].into());
}

#[tokio::test]
async fn the_history_table_is_never_there() {
    let history = "atlas_schema_revisions";
    let catalog = catalog(&format!(
        "CREATE TABLE {history} (version text); CREATE SCHEMA {history};
        CREATE TABLE {history}.{history} (version text)"
    ))
    .await;
    assert!(catalog.schemas.keys().eq(["public"].iter()));
    assert!(catalog.tables.is_empty());
}

#[tokio::test]
async fn settings_of_the_session_do_not_show() {
    let database = TestDatabase::with(
        "CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ('x'); CREATE TABLE \"Users\" (
            a timestamptz DEFAULT '2020-01-01 00:00+00', b interval DEFAULT '1 mon 1 day',
            c bytea DEFAULT '\\xff', d float8 DEFAULT 0.1, e s.e DEFAULT 'x', f date DEFAULT '2020-02-01',
            g text DEFAULT 'back\\slash', h money DEFAULT '1.5')",
    )
    .await;
    let plain = database.catalog().await;
    let mut connection = database.connect().await;
    let settings =
        "SET search_path = s, pg_catalog; SET DateStyle = 'SQL, DMY'; SET TimeZone = 'Asia/Tokyo';
        SET IntervalStyle = iso_8601; SET bytea_output = escape; SET extra_float_digits = -10;
        SET quote_all_identifiers = on; SET standard_conforming_strings = off";
    sqlx::raw_sql(settings)
        .execute(&mut connection)
        .await
        .unwrap();
    let other = introspect(&mut connection, &Scope::default())
        .await
        .unwrap();
    assert_eq!(plain.differences(&other), [""; 0]);
    let path: String = sqlx::query_scalar("SHOW search_path")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(path, "s, pg_catalog");
}

#[tokio::test]
async fn a_transaction_of_the_caller_is_refused() {
    let database = TestDatabase::new().await;
    let mut connection = database.connect().await;
    let mut transaction = connection.begin().await.unwrap();
    let result = introspect(&mut transaction, &Scope::default()).await;
    assert!(matches!(result, Err(IntrospectError::Snapshot(_))));
}

/// Every type that a column can have is read as something that makes the same column.
#[tokio::test]
async fn built_in_types_make_the_same_column_again() {
    let database = TestDatabase::new().await;
    let mut connection = database.connect().await;
    let query = "SELECT format_type(oid, NULL) FROM pg_type
        WHERE typnamespace = 'pg_catalog'::regnamespace AND typisdefined
            AND typtype IN ('b', 'r', 'm') AND typelem NOT IN (SELECT oid FROM pg_type WHERE typtype IN ('c', 'p'))
            AND typname NOT IN ('pg_node_tree', 'pg_ndistinct',
                'pg_dependencies', 'pg_mcv_list', 'pg_brin_bloom_summary',
                'pg_brin_minmax_multi_summary')
        ORDER BY oid";
    let mut types: Vec<String> = sqlx::query_scalar(query)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert!(types.len() > 150);
    types.extend(
        [
            "numeric(10,2)",
            "numeric(5)",
            "character varying(80)",
            "character(3)",
            "bit(4)",
            "bit varying(4)",
            "time(3) without time zone",
            "time(0) with time zone",
            "timestamp(3) without time zone",
            "timestamp(6) with time zone",
            "interval(3)",
            "interval year to month",
            "interval day to second(2)",
            "numeric(10,2)[]",
            "character varying(80)[]",
            "interval hour[]",
        ]
        .map(str::to_owned),
    );
    let create = |types: &[String]| {
        let columns = types.iter().enumerate();
        let columns: Vec<_> = columns
            .map(|(place, it)| format!("c{place} {it}"))
            .collect();
        format!("CREATE TABLE t ({})", columns.join(", "))
    };
    database.run(&create(&types)).await;
    let first = database.catalog().await;
    let columns = &first.tables[&name("t")].columns;
    let read: Vec<String> = columns.iter().map(|it| it.data_type.clone()).collect();
    let second = catalog(&create(&read)).await;
    assert_eq!(first, second);
    let same = read.iter().zip(&types);
    let other: Vec<_> = same.filter(|(read, written)| read != written).collect();
    let expected = [
        ("character(1)[]", "character[]"),
        ("character(1)", "character"),
        ("bit(1)", "bit"),
        ("bit(1)[]", "bit[]"),
        ("numeric(5,0)", "numeric(5)"),
    ];
    let other: Vec<_> = other
        .into_iter()
        .map(|(one, two)| (&**one, &**two))
        .collect();
    assert_eq!(other, expected);
}
