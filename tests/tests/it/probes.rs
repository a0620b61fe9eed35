//! The statements and rows of the previous release, put to migrated databases.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use integration_tests::postgres::TestDatabase;
use schema_core::gate::old::{Broken, OldRelease, RecordedQuery, Source};
use schema_core::ident::Ident;
use schema_core::observe::rows::populate;
use sqlx::Row as _;

const BASE: &str = include_str!("old/base.sql");

/// The queries of the previous release.
const QUERIES: &[(&str, &str)] = &[
    ("get", "SELECT id, name, age FROM users WHERE id = $1"),
    (
        "ins",
        "INSERT INTO users (email, name, age) VALUES ($1, $2, $3) RETURNING id",
    ),
    (
        "upsert",
        "INSERT INTO users (email, name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET name = excluded.name",
    ),
    (
        "upsert_named",
        "INSERT INTO users (email, name) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT users_email_key DO NOTHING",
    ),
    ("like", "SELECT id FROM users WHERE name LIKE $1"),
    ("star", "SELECT * FROM users"),
    ("archive", "INSERT INTO log_archive SELECT * FROM log"),
    (
        "join_unqual",
        "SELECT qty, status FROM orders o JOIN users u ON u.id = o.user_id",
    ),
    ("enum_lit", "SELECT id FROM orders WHERE kind = 'void'"),
    ("enum_param", "SELECT id FROM orders WHERE kind = $1"),
    (
        "grp_pk",
        "SELECT u.id, u.email, count(o.id) FROM users u LEFT JOIN orders o ON o.user_id = u.id GROUP BY u.id",
    ),
    ("distinct", "SELECT DISTINCT u.* FROM users u"),
    (
        "queue",
        "SELECT id FROM orders WHERE qty > 0 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
    ),
    ("jsonagg", "SELECT json_agg(o.*) FROM orders o"),
    ("cast", "SELECT age::text AS age FROM users WHERE age = $1"),
    ("posn", "INSERT INTO orgs VALUES ($1, $2)"),
    ("fn", "SELECT bonus($1)"),
    ("view", "SELECT id, name FROM active_users"),
    (
        "xmin",
        "INSERT INTO users (email, name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET name = excluded.name RETURNING (xmax = 0) AS inserted",
    ),
    ("balance", "SELECT balance FROM users"),
    ("lock", "LOCK TABLE log IN SHARE MODE"),
];

fn recorded(queries: &[(&str, &str)]) -> Vec<RecordedQuery> {
    let all = queries.iter().map(|(name, text)| RecordedQuery {
        file: format!(".sqlx/query-{name}.json").into(),
        text: (*text).to_owned(),
        columns: Vec::new(),
        parameters: (1..9)
            .filter(|n| text.contains(&format!("${n}")))
            .map(|n| n.to_string())
            .collect(),
    });
    all.collect()
}

/// A base with rows, for the tests of one process.
async fn base(extra: &str) -> TestDatabase {
    let base = TestDatabase::with(&format!("{BASE}{extra}")).await;
    let mut connection = base.connect().await;
    let population = populate(&mut connection).await.unwrap();
    assert!(population.empty.is_empty(), "{:?}", population.empty);
    base
}

/// What a migration breaks, one break a line.
async fn broken(base: &TestDatabase, queries: Vec<RecordedQuery>, migration: &str) -> Vec<String> {
    let head = base.copy().await;
    let role = Ident::from("old_app");
    let mut release = OldRelease::open(&base.options(), &head.options(), Some(&role), queries)
        .await
        .unwrap();
    assert_eq!(release.stale(), []);
    head.run(migration).await;
    let tables = "SELECT oid::int8 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')";
    let rows = sqlx::raw_sql(tables)
        .fetch_all(&mut base.connect().await)
        .await
        .unwrap();
    let touched: BTreeSet<u32> = rows
        .iter()
        .map(|row| u32::try_from(row.get::<i64, _>(0)).unwrap())
        .collect();
    let broken = release.break_at(&touched, &BTreeSet::new()).await.unwrap();
    for broken in &broken {
        assert_ne!(broken.before, broken.after, "{broken:?}");
    }
    let lines = broken.iter().map(line).collect();
    release.close().await;
    lines
}

/// Such as `Prepare get [age]`, `Run users: insert null into age`.
fn line(broken: &Broken) -> String {
    let what = match &broken.what {
        Source::Query { file, text, span } => {
            let name = file
                .file_stem()
                .unwrap()
                .trim_start_matches("query-")
                .to_owned();
            let span = span.clone().map(|span| format!(" [{}]", &text[span]));
            name + &span.unwrap_or_default()
        }
        Source::Statement {
            table, operation, ..
        } => format!("{table}: {operation}"),
        Source::Probe { table, kind } => format!("{table}: {kind}"),
    };
    format!("{:?} {what}", broken.layer)
}

/// Every break of the list is found, and each of them by the layer that is named.
async fn check_found(cases: &[(&str, &[&str])]) {
    let base = base("").await;
    let mut wrong = String::new();
    for (migration, expected) in cases {
        let found = broken(&base, recorded(QUERIES), migration).await;
        let missing = expected
            .iter()
            .filter(|line| !found.contains(&(**line).to_owned()));
        for missing in missing {
            writeln!(wrong, "{migration}\n    {missing} is not in {found:#?}").unwrap();
        }
        if expected.is_empty() && !found.is_empty() {
            writeln!(wrong, "{migration}\n    breaks nothing, but {found:#?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[tokio::test]
async fn names_that_are_gone_or_moved_are_found() {
    check_found(&[
        ("ALTER TABLE users DROP COLUMN age", &["Prepare get [age]", "Prepare ins [age]", "Prepare cast [age]", "Types star", "Live star", "Prepare users: select"]),
        ("ALTER TABLE users DROP COLUMN meta", &["Types star", "Types distinct", "Live star", "Prepare users: select"]),
        ("ALTER TABLE users RENAME COLUMN name TO full_name", &["Prepare get [name]", "Prepare upsert [name]", "Prepare like [name]", "Types star", "Prepare users: select"]),
        ("ALTER TABLE orders RENAME TO purchases", &["Prepare join_unqual [orders]", "Prepare jsonagg [orders]", "Prepare orders: select"]),
        (
            "ALTER TABLE users RENAME TO people;
             CREATE VIEW users AS SELECT id, email, name, age, status, meta, balance, org_id, active, first, last FROM people;
             GRANT SELECT, INSERT, UPDATE, DELETE ON users TO old_app",
            &["Prepare upsert_named", "Prepare grp_pk [u.email]", "Prepare xmin [xmax]"],
        ),
        ("CREATE SCHEMA other; ALTER TABLE orders SET SCHEMA other", &["Prepare queue [orders]", "Prepare orders: select"]),
        ("DROP VIEW active_users", &["Prepare view [active_users]", "Prepare active_users: select"]),
        ("DROP FUNCTION bonus", &["Prepare fn [bonus]"]),
        ("ALTER TABLE orders ADD status text", &["Prepare join_unqual [status]"]),
        ("ALTER TABLE log ADD extra text", &["Prepare archive [*]"]),
        ("DROP TABLE log", &["Prepare archive [log]", "Plan lock", "Prepare log: select"]),
    ])
    .await;
}

#[tokio::test]
async fn other_types_are_found() {
    check_found(&[
        ("ALTER TABLE users ALTER age TYPE bigint", &["Types get [age]", "Types ins", "Types cast", "Live get", "Types users: select"]),
        ("ALTER TABLE users ALTER balance TYPE numeric(10, 4)", &["Live balance", "Run users: insert the longest value into balance"]),
        ("UPDATE orders SET note = NULL; ALTER TABLE orders ALTER note TYPE varchar(5)", &["Run orders: insert another value into note"]),
        ("ALTER TABLE users ALTER name DROP NOT NULL", &["Types get [name]", "Types users: select"]),
        ("ALTER TABLE users ADD extra text", &["Live star", "Live distinct"]),
        ("ALTER TABLE users ADD extra json", &["Prepare distinct [u.*]", "Live star"]),
        ("ALTER TABLE users RENAME first TO tmp; ALTER TABLE users RENAME last TO first; ALTER TABLE users RENAME tmp TO last", &["Types star", "Live star", "Run users: read rows"]),
        ("DROP FUNCTION bonus; CREATE FUNCTION bonus(bigint) RETURNS int LANGUAGE sql AS 'SELECT 1'", &["Types fn"]),
        ("DROP FUNCTION bonus; CREATE FUNCTION bonus(int) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'", &["Types fn", "Live fn"]),
        (
            "CREATE TYPE two AS ENUM ('sale', 'refund'); UPDATE orders SET kind = 'sale';
             ALTER TABLE orders ALTER kind TYPE two USING kind::text::two; DROP TYPE order_kind; ALTER TYPE two RENAME TO order_kind",
            &["Prepare enum_lit ['void']", "Live enum_param", "Run orders: insert another value into kind"],
        ),
        ("ALTER TYPE order_kind RENAME VALUE 'void' TO 'cancelled'", &["Prepare enum_lit ['void']", "Run orders: insert another value into kind"]),
        ("ALTER TYPE order_kind RENAME VALUE 'sale' TO 'sold'", &["Run orders: insert a row like another"]),
    ])
    .await;
}

#[tokio::test]
async fn keys_and_privileges_that_are_gone_are_found() {
    check_found(&[
        ("ALTER TABLE users DROP CONSTRAINT users_email_key", &["Prepare upsert_named", "Plan upsert", "Plan users: upsert on (email)"]),
        ("ALTER TABLE users RENAME CONSTRAINT users_email_key TO users_mail", &["Prepare upsert_named"]),
        ("ALTER TABLE users DROP CONSTRAINT users_email_key; CREATE UNIQUE INDEX users_email_key ON users (email) WHERE active", &["Prepare upsert_named", "Plan upsert", "Plan users: upsert on (email)"]),
        ("ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey; ALTER TABLE users DROP CONSTRAINT users_pkey", &["Prepare grp_pk [u.email]", "Plan users: upsert on (id)", "Prepare users: group by key"]),
        ("ALTER TABLE orgs ALTER id SET GENERATED ALWAYS", &["Prepare posn", "Prepare orgs: insert"]),
        ("REVOKE INSERT ON users FROM old_app", &["Plan ins", "Plan upsert", "Plan users: insert"]),
        ("ALTER TABLE orgs ADD seq serial", &["Run orgs: insert a row like another"]),
        ("ALTER TABLE orders ENABLE ROW LEVEL SECURITY", &["Run orders: read rows", "Run orders: insert a row like another"]),
    ])
    .await;
}

#[tokio::test]
async fn rows_that_are_refused_or_gone_are_found() {
    check_found(&[
        ("ALTER TABLE users ADD plan text NOT NULL DEFAULT 'x'; ALTER TABLE users ALTER plan DROP DEFAULT", &["Run users: insert a row like another"]),
        ("UPDATE users SET age = 1 WHERE age IS NULL; ALTER TABLE users ALTER age SET NOT NULL", &["Run users: insert null into age"]),
        ("ALTER TABLE users ALTER status DROP DEFAULT", &["Run users: insert only what is required"]),
        ("ALTER TABLE users ADD CHECK (age > 18) NOT VALID", &["Run users: insert a row like another"]),
        ("ALTER TABLE users ADD CHECK (age > 0) NOT VALID", &["Run users: insert a number below zero into age"]),
        ("ALTER TABLE users ADD UNIQUE (name)", &["Run users: insert a row like another"]),
        ("ALTER TABLE users ADD FOREIGN KEY (org_id) REFERENCES orgs NOT VALID", &["Run orgs: delete one row", "Run users: insert another value into org_id"]),
        ("ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey, ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users", &["Run users: delete one row"]),
        (
            "CREATE FUNCTION need() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.age IS NULL THEN RAISE ''age required''; END IF; RETURN NEW; END';
             CREATE TRIGGER need BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION need()",
            &["Run users: insert null into age"],
        ),
        ("CREATE OR REPLACE VIEW active_users AS SELECT id, name FROM users WHERE false", &["Run active_users: read rows"]),
        ("ALTER TABLE events DETACH PARTITION events_2031", &["Run events: read rows"]),
        ("DROP TABLE log; CREATE TABLE log (id serial PRIMARY KEY, line text); GRANT ALL ON log TO old_app; GRANT ALL ON SEQUENCE log_id_seq TO old_app", &["Run log: read rows"]),
    ])
    .await;
}

/// What no layer can see. The catalog rules look at the first two, the linter at others.
#[tokio::test]
async fn what_fails_no_statement_is_not_found_here() {
    check_found(&[
        ("ALTER TABLE users ALTER status SET DEFAULT 'other'", &[]),
        ("ALTER TYPE order_kind ADD VALUE 'gift'", &[]),
        ("ALTER TABLE orgs ALTER name TYPE text COLLATE \"C\"", &[]),
        ("DROP INDEX orders_user", &[]),
        (
            "CREATE OR REPLACE FUNCTION bonus(int) RETURNS int LANGUAGE sql AS 'SELECT 7'",
            &[],
        ),
    ])
    .await;
}

#[tokio::test]
async fn safe_changes_break_nothing() {
    let explicit: Vec<_> = QUERIES
        .iter()
        .copied()
        .filter(|(name, text)| !text.contains('*') && *name != "upsert_named" && *name != "xmin")
        .collect();
    let base = base("").await;
    for migration in [
        "ALTER TABLE users ADD extra text",
        "ALTER TABLE users ADD extra text NOT NULL DEFAULT 'x'",
        "CREATE INDEX users_name ON users (name)",
        "CREATE TABLE fresh (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users ON DELETE CASCADE)",
        "ALTER TABLE orders ALTER note TYPE varchar(100)",
        "ALTER TABLE orders ALTER note TYPE text",
        "ALTER TABLE orders RENAME TO purchases;
         CREATE VIEW orders WITH (security_barrier = false) AS SELECT id, user_id, kind, note, qty FROM purchases;
         GRANT SELECT, INSERT, UPDATE, DELETE ON orders TO old_app",
        "ALTER TYPE order_kind ADD VALUE 'gift'",
        "ALTER TABLE users ADD CHECK (name IS NOT NULL) NOT VALID",
        "ALTER TABLE orders ALTER qty SET DEFAULT 2",
        "INSERT INTO orgs (name) VALUES ('configured')",
        "UPDATE users SET status = 'moved' WHERE status = 'new'; DELETE FROM log WHERE id = 1",
        "DELETE FROM orders; DELETE FROM users WHERE id = 1",
        "CREATE TABLE events_2032 PARTITION OF events FOR VALUES FROM ('2032-01-01') TO ('2033-01-01')",
        "GRANT SELECT ON log TO PUBLIC; COMMENT ON TABLE log IS 'lines'",
        "ALTER TABLE users ALTER age SET STATISTICS 100; ALTER TABLE users SET (fillfactor = 90)",
        "ALTER TABLE users DROP CONSTRAINT users_email_key, ADD CONSTRAINT users_email_unique UNIQUE (email)",
    ] {
        let found = broken(&base, recorded(&explicit), migration).await;
        assert!(found.is_empty(), "{migration}: {found:#?}");
    }
}

#[tokio::test]
async fn tables_of_others_are_tried_as_their_owner() {
    let base = base("CREATE TABLE granted_elsewhere (id int PRIMARY KEY, a int)").await;
    let queries = recorded(&[("elsewhere", "SELECT a FROM granted_elsewhere")]);
    let migration =
        "UPDATE granted_elsewhere SET a = 1; ALTER TABLE granted_elsewhere ALTER a SET NOT NULL";
    let found = broken(&base, queries.clone(), migration).await;
    assert_eq!(found, ["Run granted_elsewhere: insert null into a"]);
    let found = broken(&base, queries, "DROP TABLE granted_elsewhere").await;
    assert_eq!(
        found,
        [
            "Prepare elsewhere [granted_elsewhere]",
            "Prepare granted_elsewhere: select"
        ]
    );
}

#[tokio::test]
async fn a_query_that_fails_at_the_base_is_stale() {
    let base = base("").await;
    let head = base.copy().await;
    let queries = recorded(&[
        ("stale", "SELECT nothing FROM users"),
        ("good", "SELECT id FROM users"),
    ]);
    let mut release = OldRelease::open(&base.options(), &head.options(), None, queries)
        .await
        .unwrap();
    let stale: Vec<String> = release
        .stale()
        .iter()
        .map(|it| format!("{}: {}", it.file, it.message))
        .collect();
    assert_eq!(
        stale,
        [".sqlx/query-stale.json: column \"nothing\" does not exist"]
    );
    head.run("ALTER TABLE users RENAME id TO number").await;
    let broken = release
        .break_at(&BTreeSet::new(), &BTreeSet::new())
        .await
        .unwrap();
    assert_eq!(
        broken.iter().map(line).collect::<Vec<_>>(),
        ["Prepare good [id]"]
    );
    assert_eq!(broken[0].sqlstate.as_deref(), Some("42703"));
    assert_eq!(broken[0].column, Some("id".into()));
}

/// A type or a function that changes is felt by the tables that use it.
#[tokio::test]
async fn tables_are_touched_through_their_types_and_functions() {
    let base = base(
        "CREATE DOMAIN code AS text CHECK (VALUE <> ''); CREATE TABLE priced (id int PRIMARY KEY, code code, kinds order_kind[]);
         CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER stamp BEFORE INSERT ON priced FOR EACH ROW EXECUTE FUNCTION stamp();",
    )
    .await;
    for (migration, expected) in [
        (
            "ALTER TYPE order_kind RENAME VALUE 'sale' TO 'sold'",
            "Run priced: insert a row like another",
        ),
        (
            "ALTER DOMAIN code ADD CONSTRAINT short CHECK (length(VALUE) < 2) NOT VALID",
            "Run priced: insert a row like another",
        ),
        (
            "CREATE OR REPLACE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END'",
            "Run priced: insert a row like another",
        ),
    ] {
        let head = base.copy().await;
        let mut release = OldRelease::open(&base.options(), &head.options(), None, Vec::new())
            .await
            .unwrap();
        head.run(migration).await;
        let broken = release
            .break_at(&BTreeSet::new(), &BTreeSet::new())
            .await
            .unwrap();
        let broken: Vec<String> = broken.iter().map(line).collect();
        assert!(
            broken.contains(&expected.to_owned()),
            "{migration}: {broken:#?}"
        );
    }
}

/// The connection that lives through it holds no lock while the migration runs.
#[tokio::test]
async fn the_migration_does_not_wait_for_the_live_connection() {
    let base = base("").await;
    let head = base.copy().await;
    let _release = OldRelease::open(&base.options(), &head.options(), None, recorded(QUERIES))
        .await
        .unwrap();
    head.run("SET lock_timeout = '1s'; ALTER TABLE users ADD extra text; DROP TABLE log")
        .await;
}

#[tokio::test]
async fn three_hundred_queries_say_nothing_where_nothing_happened() {
    let base = TestDatabase::with(
        "DO $$ BEGIN FOR i IN 1..300 LOOP EXECUTE format('CREATE TABLE t%s (id serial PRIMARY KEY, name text NOT NULL UNIQUE, a int, b int, c text, d timestamptz, e numeric(10, 2))', i); END LOOP; END $$",
    )
    .await;
    populate(&mut base.connect().await).await.unwrap();
    let head = base.copy().await;
    let queries: Vec<(String, String)> = (1..=300)
        .map(|n| {
            (
                n.to_string(),
                format!("SELECT id, name, a FROM t{n} WHERE id = $1"),
            )
        })
        .collect();
    let queries: Vec<(&str, &str)> = queries
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let mut release = OldRelease::open(&base.options(), &head.options(), None, recorded(&queries))
        .await
        .unwrap();
    let oids = sqlx::raw_sql("SELECT 't7'::regclass::oid::int8")
        .fetch_one(&mut base.connect().await)
        .await
        .unwrap();
    let touched = BTreeSet::from([u32::try_from(oids.get::<i64, _>(0)).unwrap()]);
    for touched in [BTreeSet::new(), touched.clone(), touched] {
        assert_eq!(
            release.break_at(&touched, &BTreeSet::new()).await.unwrap(),
            []
        );
    }
}
