//! Tests: what the app's role can use, compared with really using it.

use std::collections::BTreeSet;
use std::time::Instant;

use integration_tests::postgres::TestDatabase;
use integration_tests::repository::TestRepository;
use schema_core::apply::{ApplyError, ApplyOptions, GapKind, GrantGap, Silent, apply, grants};
use schema_core::directory::Directory;
use sqlx::{AssertSqlSafe, PgConnection};

use super::directory;

/// A role that no other test grants anything to.
struct App {
    database: TestDatabase,
    role: String,
}

impl App {
    /// A database in which `sql` has run; `APP` in it is the role, `KEEPER` another one.
    async fn new(name: &str, sql: &str) -> Self {
        let database = TestDatabase::new().await;
        let app = Self {
            database,
            role: format!("app_{name}"),
        };
        for role in [&app.role, &app.owner()] {
            let made = format!(
                "DO $$ BEGIN CREATE ROLE {role}; \
                 EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            );
            app.database.run(&made).await;
        }
        app.run(sql).await;
        app
    }

    fn owner(&self) -> String {
        format!("{}_owner", self.role)
    }

    fn text(&self, sql: &str) -> String {
        sql.replace("APP", &self.role)
            .replace("KEEPER", &self.owner())
    }

    async fn run(&self, sql: &str) {
        self.database.run(&self.text(sql)).await;
    }

    async fn gaps_of(&self, directory: &Directory) -> Vec<GrantGap> {
        let gaps = grants(&self.database.options(), directory, &self.role).await;
        gaps.expect("the test database answers")
    }

    async fn gaps(&self) -> Vec<GrantGap> {
        self.gaps_of(&directory(&[])).await
    }

    /// Whether the role can really do it.
    async fn can(&self, connection: &mut PgConnection, sql: &str) -> bool {
        let whole = format!("BEGIN; SET LOCAL ROLE {}; {sql}", self.role);
        let done = sqlx::raw_sql(AssertSqlSafe(self.text(&whole)))
            .execute(&mut *connection)
            .await;
        let ended = sqlx::raw_sql("ROLLBACK").execute(connection).await;
        ended.expect("the test database answers");
        match done {
            Ok(_) => true,
            Err(error) => {
                let server = error.as_database_error();
                let code = server.and_then(sqlx::error::DatabaseError::code);
                assert_eq!(code.as_deref(), Some("42501"), "{sql}: {error}");
                false
            }
        }
    }

    /// What is said is so: `sql` cannot be done for just these reasons, and can when the remedies of
    /// the errors have run.
    async fn check(&self, uses: &[&str], expected: &[&str]) {
        self.check_with(&directory(&[]), uses, expected).await;
    }

    async fn check_with(&self, directory: &Directory, uses: &[&str], expected: &[&str]) {
        let mut connection = self.database.connect().await;
        let gaps = self.gaps_of(directory).await;
        let errors: Vec<&GrantGap> = gaps.iter().filter(|gap| gap.kind.is_error()).collect();
        let remedies: Vec<&str> = errors.iter().map(|gap| gap.remedy.as_str()).collect();
        let expected: Vec<String> = expected.iter().map(|sql| self.text(sql)).collect();
        assert_eq!(remedies, expected, "{gaps:#?}");
        let mut possible = true;
        for sql in uses {
            possible &= self.can(&mut connection, sql).await;
        }
        assert_eq!(possible, errors.is_empty(), "{uses:?}: {gaps:#?}");
        for remedy in remedies {
            self.run(remedy).await;
        }
        for sql in uses {
            assert!(
                self.can(&mut connection, sql).await,
                "{sql} after {gaps:#?}"
            );
        }
        let left = self.gaps_of(directory).await;
        assert!(left.iter().all(|gap| !gap.kind.is_error()), "{left:#?}");
    }
}

#[tokio::test]
async fn a_schema_has_to_be_usable_for_what_is_granted_in_it() {
    let app = App::new(
        "schema",
        "CREATE SCHEMA \"Inner\"; CREATE TABLE \"Inner\".notes (id int); GRANT SELECT ON \"Inner\".notes TO APP",
    )
    .await;
    app.check(
        &["SELECT * FROM \"Inner\".notes"],
        &["GRANT USAGE ON SCHEMA \"Inner\" TO APP"],
    )
    .await;
    let app = App::new(
        "schema_of_function",
        "CREATE SCHEMA tools; CREATE FUNCTION tools.f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION tools.f TO APP",
    )
    .await;
    app.check(
        &["SELECT tools.f(1)"],
        &["GRANT USAGE ON SCHEMA tools TO APP"],
    )
    .await;
    // That a function is for everybody unless somebody says otherwise promises nothing.
    let app = App::new(
        "schema_of_default",
        "CREATE SCHEMA tools; CREATE FUNCTION tools.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION tools.f TO KEEPER",
    )
    .await;
    assert_eq!(app.gaps().await, []);
}

#[tokio::test]
async fn sequences_of_defaults_are_needed_and_those_of_identities_are_not() {
    let app = App::new(
        "serial",
        "CREATE TABLE notes (id serial, body text); CREATE TABLE others (id int GENERATED ALWAYS AS IDENTITY, body text);
         CREATE TABLE readings (id serial, body text);
         GRANT INSERT ON notes, others TO APP; GRANT SELECT ON readings TO APP",
    )
    .await;
    app.check(
        &[
            "INSERT INTO notes (body) VALUES ('a')",
            "INSERT INTO others (body) VALUES ('a')",
        ],
        &["GRANT USAGE ON SEQUENCE public.notes_id_seq TO APP"],
    )
    .await;
    // By a column of which only others are granted, and through a view.
    let app = App::new(
        "serial_column",
        "CREATE TABLE notes (id serial, body text); GRANT INSERT (body) ON notes TO APP;
         CREATE SEQUENCE s; CREATE TABLE below (id int DEFAULT nextval('s'), body text);
         CREATE VIEW above AS SELECT * FROM below; GRANT INSERT ON above TO APP",
    )
    .await;
    app.check(
        &[
            "INSERT INTO notes (body) VALUES ('a')",
            "INSERT INTO above (body) VALUES ('a')",
        ],
        &[
            "GRANT USAGE ON SEQUENCE public.notes_id_seq TO APP",
            "GRANT USAGE ON SEQUENCE public.s TO APP",
        ],
    )
    .await;
}

#[tokio::test]
async fn functions_of_defaults_generated_columns_checks_indexes_and_policies_are_needed() {
    let functions = "CREATE FUNCTION made() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION made FROM PUBLIC;
         CREATE FUNCTION good(int) RETURNS bool IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN true; END'; REVOKE ALL ON FUNCTION good FROM PUBLIC;
         CREATE FUNCTION twice(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN $1 * 2; END'; REVOKE ALL ON FUNCTION twice FROM PUBLIC;";
    let cases = [
        (
            "default",
            "CREATE TABLE t (id int, a int DEFAULT made()); GRANT INSERT ON t TO APP",
            "INSERT INTO t (id) VALUES (1)",
            "made()",
        ),
        (
            "generated",
            "CREATE TABLE t (id int, a int GENERATED ALWAYS AS (twice(id)) STORED); GRANT INSERT ON t TO APP",
            "INSERT INTO t (id) VALUES (1)",
            "twice(integer)",
        ),
        (
            "update",
            "CREATE TABLE t (id int, a int GENERATED ALWAYS AS (twice(id)) STORED); INSERT INTO t VALUES (1); GRANT UPDATE ON t TO APP",
            "UPDATE t SET id = 2",
            "twice(integer)",
        ),
        (
            "check",
            "CREATE TABLE t (id int CHECK (good(id))); GRANT INSERT ON t TO APP",
            "INSERT INTO t (id) VALUES (1)",
            "good(integer)",
        ),
        (
            "index",
            "CREATE TABLE t (id int); CREATE INDEX ON t (twice(id)); GRANT INSERT ON t TO APP",
            "INSERT INTO t (id) VALUES (1)",
            "twice(integer)",
        ),
        (
            "partial",
            "CREATE TABLE t (id int); CREATE INDEX ON t (id) WHERE good(id); GRANT INSERT ON t TO APP",
            "INSERT INTO t (id) VALUES (1)",
            "good(integer)",
        ),
        (
            "policy",
            "CREATE TABLE t (id int); INSERT INTO t VALUES (1); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (good(id)); GRANT SELECT ON t TO APP",
            "SELECT * FROM t",
            "good(integer)",
        ),
    ];
    for (name, sql, used, function) in cases {
        let app = App::new(&format!("function_{name}"), &format!("{functions} {sql}")).await;
        let remedy = format!("GRANT EXECUTE ON ROUTINE public.{function} TO APP");
        app.check(&[used], &[&remedy]).await;
    }
    // A default is not asked for in an update, nor a trigger's function for anything.
    let app = App::new(
        "function_none",
        &format!("{functions} CREATE TABLE t (id int, a int DEFAULT made()); GRANT UPDATE ON t TO APP;
         CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; REVOKE ALL ON FUNCTION fire FROM PUBLIC;
         CREATE TRIGGER f BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION fire()"),
    )
    .await;
    app.check(&["UPDATE t SET id = 2"], &[]).await;
    // A policy that reads another table.
    let app = App::new(
        "policy_table",
        "CREATE TABLE t (id int); INSERT INTO t VALUES (1); CREATE TABLE members (id int, name text); ALTER TABLE t ENABLE ROW LEVEL SECURITY;
         CREATE POLICY p ON t USING (id IN (SELECT m.id FROM members m)); GRANT SELECT ON t TO APP",
    )
    .await;
    app.check(
        &["SELECT * FROM t"],
        &["GRANT SELECT ON public.members TO APP"],
    )
    .await;
}

#[tokio::test]
async fn a_view_reads_and_writes_as_its_owner() {
    let sql = "CREATE TABLE notes (id int, body text, secret text); INSERT INTO notes VALUES (1, 'a', 'b');
         CREATE VIEW shown AS SELECT id, body FROM notes; ALTER VIEW shown OWNER TO KEEPER; GRANT SELECT ON shown TO APP;";
    let app = App::new("view", sql).await;
    app.check(
        &["SELECT * FROM shown"],
        &["GRANT SELECT ON public.notes TO KEEPER"],
    )
    .await;
    // By columns.
    let app = App::new(
        "view_column",
        &format!("{sql} GRANT SELECT (id) ON notes TO KEEPER"),
    )
    .await;
    app.check(
        &["SELECT * FROM shown"],
        &["GRANT SELECT (body) ON public.notes TO KEEPER"],
    )
    .await;
    let app = App::new(
        "view_columns",
        &format!("{sql} GRANT SELECT (id, body) ON notes TO KEEPER"),
    )
    .await;
    app.check(&["SELECT * FROM shown"], &[]).await;
    // Written.
    let app = App::new(
        "view_written",
        &format!("{sql} GRANT SELECT ON notes TO KEEPER; GRANT INSERT, UPDATE, DELETE ON shown TO APP; GRANT UPDATE (id) ON notes TO KEEPER"),
    )
    .await;
    app.check(
        &[
            "INSERT INTO shown VALUES (1, 'a')",
            "UPDATE shown SET body = 'b'",
            "DELETE FROM shown",
        ],
        &[
            "GRANT DELETE ON public.notes TO KEEPER",
            "GRANT INSERT ON public.notes TO KEEPER",
            "GRANT UPDATE (body) ON public.notes TO KEEPER",
        ],
    )
    .await;
    // Through a view on a view: each owner by itself.
    let app = App::new(
        "view_on_view",
        "CREATE TABLE notes (id int); CREATE VIEW inside AS SELECT id FROM notes; ALTER VIEW inside OWNER TO KEEPER;
         CREATE VIEW outside AS SELECT id FROM inside; GRANT SELECT, UPDATE ON outside TO APP",
    )
    .await;
    app.check(
        &["SELECT * FROM outside", "UPDATE outside SET id = 2"],
        &[
            "GRANT SELECT ON public.notes TO KEEPER",
            "GRANT UPDATE ON public.notes TO KEEPER",
        ],
    )
    .await;
    // What a view calls is the reader's affair; a materialized view is read as it is.
    let app = App::new(
        "view_calls",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'; REVOKE ALL ON FUNCTION f FROM PUBLIC;
         CREATE VIEW calls AS SELECT f() AS f; GRANT SELECT ON calls TO APP;
         CREATE MATERIALIZED VIEW kept AS SELECT f() AS f; GRANT SELECT ON kept TO APP",
    )
    .await;
    app.check(
        &["SELECT * FROM calls", "SELECT * FROM kept"],
        &["GRANT EXECUTE ON ROUTINE public.f() TO APP"],
    )
    .await;
    // With a trigger instead of the write, nothing below is written by the view.
    let app = App::new(
        "view_trigger",
        "CREATE TABLE notes (id int); CREATE VIEW shown AS SELECT id FROM notes;
         ALTER VIEW shown OWNER TO KEEPER; GRANT SELECT ON notes TO KEEPER;
         CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER f INSTEAD OF INSERT ON shown FOR EACH ROW EXECUTE FUNCTION fire(); GRANT INSERT ON shown TO APP",
    )
    .await;
    app.check(&["INSERT INTO shown VALUES (1)"], &[]).await;
}

#[tokio::test]
async fn a_view_with_security_invoker_reads_and_writes_as_its_user() {
    if integration_tests::postgres::major().await < 15 {
        println!("skipped: no security_invoker before 15");
        return;
    }
    let sql = "CREATE TABLE notes (id int, body text, secret text); INSERT INTO notes VALUES (1, 'a', 'b');
         CREATE VIEW shown WITH (security_invoker = true) AS SELECT id, body FROM notes; ALTER VIEW shown OWNER TO KEEPER;
         GRANT SELECT, UPDATE ON shown TO APP;";
    let app = App::new("invoker", sql).await;
    app.check(
        &["SELECT * FROM shown", "UPDATE shown SET body = 'c'"],
        &[
            "GRANT SELECT ON public.notes TO APP",
            "GRANT UPDATE ON public.notes TO APP",
        ],
    )
    .await;
    let app = App::new(
        "invoker_column",
        &format!("{sql} GRANT SELECT (id, body), UPDATE (id) ON notes TO APP"),
    )
    .await;
    app.check(
        &["SELECT * FROM shown", "UPDATE shown SET body = 'c'"],
        &["GRANT UPDATE (body) ON public.notes TO APP"],
    )
    .await;
}

#[tokio::test]
async fn privileges_through_other_roles_and_everybody_count() {
    let app = App::new(
        "member",
        "GRANT KEEPER TO APP; CREATE TABLE notes (id serial, body text); GRANT INSERT ON notes TO KEEPER; GRANT USAGE ON SEQUENCE notes_id_seq TO PUBLIC",
    )
    .await;
    app.check(&["INSERT INTO notes (body) VALUES ('a')"], &[])
        .await;
    let app = App::new(
        "member_without",
        "GRANT KEEPER TO APP; CREATE SCHEMA inside; CREATE TABLE inside.notes (id int); GRANT SELECT ON inside.notes TO KEEPER",
    )
    .await;
    app.check(
        &["SELECT * FROM inside.notes"],
        &["GRANT USAGE ON SCHEMA inside TO APP"],
    )
    .await;
    // An owner, and a superuser, may do everything.
    let app = App::new(
        "owning",
        "CREATE TABLE notes (id serial); ALTER TABLE notes OWNER TO APP",
    )
    .await;
    assert_eq!(app.gaps().await, []);
    let gaps = grants(
        &app.database.options(),
        &directory(&[]),
        app.database.options().get_username(),
    )
    .await;
    assert_eq!(gaps.expect("the test database answers"), []);
}

#[tokio::test]
async fn what_alone_cannot_be_used_is_a_warning() {
    let app = App::new(
        "unlike",
        "CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE c (id int); CREATE TABLE \"New\" (id int);
         GRANT SELECT, INSERT ON a, b TO APP; GRANT SELECT (id) ON c TO APP;
         CREATE SEQUENCE s1; CREATE SEQUENCE s2; CREATE SEQUENCE s3; GRANT USAGE ON SEQUENCE s1, s2 TO APP;
         CREATE TABLE atlas_schema_revisions (id int);
         CREATE SCHEMA other; CREATE TABLE other.t (id int); CREATE TABLE other.u (id int)",
    )
    .await;
    let gaps = app.gaps().await;
    let told: Vec<(GapKind, &str)> = gaps
        .iter()
        .map(|gap| (gap.kind, gap.remedy.as_str()))
        .collect();
    let table = app.text("GRANT SELECT ON public.\"New\" TO APP");
    let sequence = app.text("GRANT USAGE ON SEQUENCE public.s3 TO APP");
    assert_eq!(
        told,
        [
            (GapKind::Unlike, sequence.as_str()),
            (GapKind::Unlike, table.as_str())
        ]
    );
    let line = gaps[1].to_string();
    let expected = app.text("role APP cannot use table public.\"New\" at all, while it may use 3 of the 3 like it in schema public");
    assert_eq!(line, expected);
    // With half of them it may well be meant so.
    app.run("REVOKE ALL ON a, b FROM APP").await;
    assert!(
        app.gaps()
            .await
            .iter()
            .all(|gap| gap.object.starts_with("sequence"))
    );
}

const RENAMED: &str = "-- migrate:n-1-shim: notes drop-with #1\n\n\
    ALTER TABLE notes RENAME TO entries;\nCREATE VIEW notes AS SELECT id, body FROM entries;\n";

#[tokio::test]
async fn a_shim_serves_the_role_as_the_table_does() {
    let files = directory(&[("1_shim.sql", RENAMED)]);
    let uses = [
        "SELECT id, body FROM notes",
        "INSERT INTO notes VALUES (1, 'a')",
        "UPDATE notes SET body = 'b'",
        "DELETE FROM notes",
    ];
    let before = "CREATE TABLE notes (id int, body text); GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO APP;";
    let app = App::new("shim", &format!("{before} {RENAMED}")).await;
    app.check_with(
        &files,
        &uses,
        &[
            "GRANT DELETE ON public.notes TO APP",
            "GRANT INSERT ON public.notes TO APP",
            "GRANT SELECT ON public.notes TO APP",
            "GRANT UPDATE ON public.notes TO APP",
        ],
    )
    .await;
    // Per column.
    let before =
        "CREATE TABLE notes (id int, body text); GRANT SELECT, UPDATE (body) ON notes TO APP;";
    let app = App::new(
        "shim_column",
        &format!("{before} {RENAMED} GRANT SELECT (id) ON notes TO APP"),
    )
    .await;
    app.check_with(
        &files,
        &uses[..1],
        &[
            "GRANT SELECT ON public.notes TO APP",
            "GRANT UPDATE (body) ON public.notes TO APP",
        ],
    )
    .await;
    let mut connection = app.database.connect().await;
    assert!(app.can(&mut connection, uses[2]).await);
    // It is not there yet, or no more.
    let app = App::new(
        "shim_gone",
        "CREATE TABLE notes (id int); GRANT SELECT ON notes TO APP",
    )
    .await;
    app.check_with(&files, &["SELECT id FROM notes"], &[]).await;
}

#[tokio::test]
async fn apply_tells_after_it_has_applied() {
    let app = App::new("applied", "").await;
    let sql =
        app.text("CREATE TABLE notes (id serial, body text);\nGRANT INSERT ON notes TO APP;\n");
    let files = directory(&[("1_notes.sql", &sql)]);
    let options = ApplyOptions {
        app_role: Some(app.role.clone()),
        ..ApplyOptions::default()
    };
    for applied in [1, 0] {
        let report = apply(&app.database.options(), &files, &options, &mut Silent).await;
        let report = report.expect("it stays applied");
        assert_eq!(report.files.len(), applied);
        assert_eq!(report.grants.len(), 1, "{:?}", report.grants);
        assert_eq!(report.grants[0].object, "sequence public.notes_id_seq");
    }
    let options = ApplyOptions {
        app_role: Some("no such \"role\"".to_owned()),
        ..ApplyOptions::default()
    };
    let error = apply(&app.database.options(), &files, &options, &mut Silent).await;
    let error = error.expect_err("there is none");
    assert!(matches!(error, ApplyError::NoRole { .. }), "{error}");
    let help = error.help().expect("a remedy");
    assert!(
        help.contains("CREATE ROLE \"no such \"\"role\"\"\""),
        "{help}"
    );
}

#[tokio::test]
async fn the_command_ends_with_10_and_prints_the_grant() {
    let app = App::new("command", "").await;
    let sql =
        app.text("CREATE TABLE notes (id serial, body text);\nGRANT INSERT ON notes TO APP;\n");
    let repository = TestRepository::with_migrations(&[("20260101000000_notes.sql", &sql)]);
    let url = app.database.url();
    let told = app.text("GRANT USAGE ON SEQUENCE public.notes_id_seq TO APP;");
    repository
        .migrate(&["apply", "--url", &url, "--app-role", "no_such_role"])
        .ends(5, &["no role no_such_role", "CREATE ROLE no_such_role"]);
    repository
        .migrate(&["apply", "--url", &url, "--app-role", &app.role])
        .ends(10, &["Applied", &told]);
    repository.write("migrate.toml", format!("app-role = \"{}\"\n", app.role));
    repository
        .migrate(&["apply", "--url", &url])
        .ends(10, &["nothing is pending", &told]);
    let json = repository
        .migrate(&["apply", "--url", &url, "--json"])
        .ends(10, &[]);
    let report: serde_json::Value = serde_json::from_str(&json.out).expect("one document");
    assert_eq!(report["apply"]["grants"][0]["missing"], "USAGE");
    repository
        .migrate(&["status", "--url", &url, "--grants"])
        .ends(10, &[&told]);
    app.run(&told).await;
    for command in [
        &["apply", "--url", &url][..],
        &["status", "--grants", "--url", &url],
    ] {
        repository.migrate(command).ends(0, &[]);
    }
}

#[tokio::test]
async fn a_thousand_tables_are_looked_at_once() {
    let app = App::new(
        "many",
        "DO $$ BEGIN FOR i IN 1..1000 LOOP
             EXECUTE format('CREATE TABLE t%s (id serial PRIMARY KEY, a text, b text, c int DEFAULT 0, d int CHECK (d > 0), e bool)', i);
             EXECUTE format('GRANT SELECT (id, a, b), INSERT (a, b, c), UPDATE (a, b) ON t%s TO APP', i);
             EXECUTE format('GRANT USAGE ON SEQUENCE t%s_id_seq TO APP', i);
             IF i % 10 = 0 THEN
                 EXECUTE format('CREATE VIEW v%s AS SELECT id, a, b FROM t%s', i, i);
                 EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON v%s TO APP', i);
             END IF;
         END LOOP; END $$; ANALYZE",
    )
    .await;
    let start = Instant::now();
    assert_eq!(app.gaps().await, []);
    println!("grants of 1,000 tables: {:?}", start.elapsed());
    app.run("REVOKE USAGE ON SEQUENCE t7_id_seq FROM APP; REVOKE ALL ON t8 FROM APP")
        .await;
    let objects: BTreeSet<String> = app.gaps().await.into_iter().map(|gap| gap.object).collect();
    let expected = ["sequence public.t7_id_seq", "table public.t8"];
    assert_eq!(objects, expected.map(str::to_owned).into());
}

/// What grants are drawn for: tables with a serial, a default that calls something, a generated column
/// and a check, views of both kinds on them and on each other, in two schemas.
const DRAWN: &str = "
    CREATE SCHEMA other;
    CREATE FUNCTION made() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
    CREATE FUNCTION good(int) RETURNS bool IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
    REVOKE ALL ON FUNCTION made, good FROM PUBLIC;
    CREATE SEQUENCE s;
    CREATE TABLE a (x int, y int DEFAULT made(), z int DEFAULT nextval('s'));
    CREATE TABLE other.b (x serial, y int CHECK (good(y)), z int GENERATED BY DEFAULT AS IDENTITY);
    INSERT INTO a VALUES (1, 1, 1); INSERT INTO other.b VALUES (1, 1, 1);
    CREATE VIEW va AS SELECT x, y FROM a;
    CREATE VIEW other.vb AS SELECT x, y FROM other.b WHERE z > 0;
    CREATE VIEW vva AS SELECT y FROM va;
    CREATE VIEW joined AS SELECT a.x, b.y, made() AS z FROM a JOIN other.b ON a.x = b.x;
    ALTER VIEW va OWNER TO KEEPER; ALTER VIEW joined OWNER TO KEEPER;";

/// Objects, their columns, and what may be granted on each.
const OBJECTS: [(&str, &[&str]); 6] = [
    ("a", &["x", "y", "z"]),
    ("other.b", &["x", "y", "z"]),
    ("va", &["x", "y"]),
    ("other.vb", &["x", "y"]),
    ("vva", &["y"]),
    ("joined", &["x", "y", "z"]),
];

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// A few grants to the app or to the owner of views.
    fn grants(&mut self) -> Vec<String> {
        let mut grants = Vec::new();
        for (object, columns) in OBJECTS {
            for privilege in ["SELECT", "INSERT", "UPDATE", "DELETE"] {
                let role =
                    ["APP", "KEEPER", "APP, KEEPER"][usize::try_from(self.roll(3)).expect("few")];
                let of = match self.roll(6) {
                    0 | 1 => String::new(),
                    2 if privilege != "DELETE" => {
                        let one = usize::try_from(self.roll(columns.len() as u64)).expect("few");
                        format!(" ({})", columns[one])
                    }
                    _ => continue,
                };
                grants.push(format!("GRANT {privilege}{of} ON {object} TO {role}"));
            }
        }
        for grant in [
            "GRANT USAGE ON SCHEMA other TO APP",
            "GRANT USAGE ON SEQUENCE s TO APP",
            "GRANT UPDATE ON SEQUENCE other.b_x_seq TO PUBLIC",
            "GRANT EXECUTE ON FUNCTION made TO APP",
            "GRANT EXECUTE ON FUNCTION good TO PUBLIC",
        ] {
            if self.roll(2) == 0 {
                grants.push(grant.to_owned());
            }
        }
        grants
    }
}

/// Everything that the role's own privileges on an object promise, as statements.
async fn promises(app: &App, connection: &mut PgConnection) -> Vec<String> {
    let mut promises = Vec::new();
    for (object, columns) in OBJECTS {
        for privilege in ["SELECT", "INSERT", "UPDATE"] {
            let mut granted = Vec::new();
            for column in columns {
                let attribute = format!(
                    "SELECT has_column_privilege('{}', c.oid, a.attnum, '{privilege}')
                         AND ('{privilege}' = 'SELECT' OR c.relkind = 'r' OR pg_column_is_updatable(c.oid, a.attnum, false))
                     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                     WHERE c.oid = '{object}'::regclass AND a.attname = '{column}'",
                    app.role
                );
                let may: bool = sqlx::query_scalar(AssertSqlSafe(attribute))
                    .fetch_one(&mut *connection)
                    .await
                    .expect("the test database answers");
                if may {
                    granted.push(*column);
                }
            }
            let all = granted.join(", ");
            match privilege {
                _ if granted.is_empty() => {}
                "SELECT" => promises.push(format!("SELECT {all} FROM {object}")),
                "INSERT" => {
                    let ones = vec!["1"; granted.len()].join(", ");
                    promises.push(format!("INSERT INTO {object} ({all}) VALUES ({ones})"));
                    promises.push(format!("INSERT INTO {object} DEFAULT VALUES"));
                }
                _ => {
                    let set: Vec<String> = granted
                        .iter()
                        .map(|column| format!("{column} = 1"))
                        .collect();
                    promises.push(format!("UPDATE {object} SET {}", set.join(", ")));
                }
            }
        }
        let delete = format!(
            "SELECT has_table_privilege('{}', '{object}', 'DELETE')
                 AND ('{object}'::regclass NOT IN (SELECT 'joined'::regclass))",
            app.role
        );
        let may: bool = sqlx::query_scalar(AssertSqlSafe(delete))
            .fetch_one(&mut *connection)
            .await
            .expect("the test database answers");
        if may {
            promises.push(format!("DELETE FROM {object}"));
        }
    }
    promises
}

#[tokio::test]
async fn whatever_was_granted_postgres_agrees_with_what_is_said() {
    let app = App::new("drawn", DRAWN).await;
    let mut connection = app.database.connect().await;
    let mut dice = Dice(7);
    let (mut whole, mut broken) = (0, 0);
    for _ in 0..60 {
        app.run(
            "REVOKE ALL ON ALL TABLES IN SCHEMA public, other FROM APP, KEEPER;
             REVOKE ALL ON ALL SEQUENCES IN SCHEMA public, other FROM APP, PUBLIC;
             REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM APP, PUBLIC;
             REVOKE ALL ON SCHEMA other FROM APP, KEEPER;
             REVOKE SELECT (x, y), INSERT (x, y), UPDATE (x, y) ON va, other.vb FROM APP, KEEPER;
             GRANT ALL ON va, joined TO KEEPER",
        )
        .await;
        let drawn = dice.grants();
        app.run(&drawn.join("; ")).await;
        let gaps = app.gaps().await;
        let errors: Vec<&GrantGap> = gaps.iter().filter(|gap| gap.kind.is_error()).collect();
        let promised = promises(&app, &mut connection).await;
        let mut refused = Vec::new();
        for sql in &promised {
            if !app.can(&mut connection, sql).await {
                refused.push(sql);
            }
        }
        assert_eq!(
            refused.is_empty(),
            errors.is_empty(),
            "after {drawn:#?}\nrefused: {refused:#?}\nsaid: {errors:#?}"
        );
        if errors.is_empty() {
            whole += 1;
            continue;
        }
        broken += 1;
        for gap in &errors {
            app.run(&gap.remedy).await;
        }
        for sql in &promised {
            assert!(
                app.can(&mut connection, sql).await,
                "{sql} after {drawn:#?} and {errors:#?}"
            );
        }
    }
    assert!(whole > 0 && broken > 10, "{whole} whole, {broken} broken");
}
