//! Apps that carry their migrations, and tests that get migrated databases: real cargo projects.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use integration_tests::postgres::{TestDatabase, server};
use integration_tests::project::TestProject;
use jiff::Timestamp;
use schema_core::apply::{Event, State};
use schema_core::dev_db::{DevServer, Options, Source};
use schema_core::directory::{Directory, NewFile};
use schema_core::migrate::{ApplyOptions, MigrateError, Migrator, at_start};
use sqlx::{Connection as _, PgPool};

const TABLE: &str = "CREATE TABLE notes (id bigint PRIMARY KEY, text text NOT NULL);\n";
const ROW: &str = "INSERT INTO notes VALUES (1, 'kept');\n";

/// A package that uses schema-core as an app does, with these files and migrations.
fn app(name: &str, migrations: &[(&str, &str)], files: &[(&str, &str)]) -> TestProject {
    let project = TestProject::new(name);
    let workspace = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema_core = workspace.parent().unwrap().join("schema-core");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nschema-core = {{ path = \"{schema_core}\", features = [\"testing\"] }}\n\
         sqlx = {{ version = \"0.9\", default-features = false, features = [\"postgres\", \"runtime-tokio\"] }}\n\
         tokio = {{ version = \"1\", default-features = false, features = [\"macros\", \"rt\"] }}\n"
    );
    project.write("Cargo.toml", &manifest);
    for (path, text) in files {
        project.write(path, text);
    }
    add(&project, migrations);
    project
}

/// Adds migrations as `cargo migrate` does.
fn add(project: &TestProject, migrations: &[(&str, &str)]) {
    let path = project.root().join("migrations");
    if !path.exists() {
        fs_err::create_dir(&path).unwrap();
    }
    let mut directory = Directory::load(&path).unwrap();
    let files: Vec<_> = migrations
        .iter()
        .map(|(name, text)| NewFile { name, text })
        .collect();
    let now = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
    directory.append(&files, now).unwrap();
}

/// Tells what it applied, one file a line.
const START: &str = r#"
    use schema_core::migrate::{Migrator, at_start};

    static MIGRATIONS: Migrator = schema_core::migrate!();

    #[tokio::main(flavor = "current_thread")]
    async fn main() -> Result<(), Box<dyn std::error::Error>> {
        let url = std::env::args().nth(1).ok_or("no URL")?;
        for file in MIGRATIONS.apply(&url, &at_start()).await?.files {
            println!("{}", file.file);
        }
        Ok(())
    }
"#;

fn program(project: &TestProject, name: &str) -> Utf8PathBuf {
    let built = project.build(&[]);
    let program = built.iter().find(|path| path.file_name() == Some(name));
    program.expect("a program was built").clone()
}

/// What a program says it applied.
fn applied(program: &Utf8Path, url: &str) -> Vec<String> {
    let output = std::process::Command::new(program)
        .arg(url)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(str::to_owned).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn an_app_applies_what_is_pending_and_one_built_with_more_applies_that() {
    let name = "app-start";
    let project = app(name, &[("table", TABLE)], &[("src/main.rs", START)]);
    let database = TestDatabase::new().await;
    let first = program(&project, name);
    assert_eq!(
        applied(&first, &database.url()),
        ["20260101000000_table.sql"]
    );
    assert_eq!(applied(&first, &database.url()), [""; 0]);
    let older = project.root().join("older");
    fs_err::copy(&first, &older).unwrap();

    // Nothing but the directory changes.
    add(&project, &[("row", ROW)]);
    let second = program(&project, name);
    assert_eq!(
        applied(&second, &database.url()),
        ["20260101000001_row.sql"]
    );
    database.run("DELETE FROM notes WHERE id = 1").await;
    assert_eq!(applied(&second, &database.url()), [""; 0]);

    // The older program finds that somebody was here.
    let output = std::process::Command::new(&older)
        .arg(database.url())
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert_eq!(
        text(&output.stderr),
        "Error: the database is ahead of this program: it is at version 20260101000001, which this program does not have\n\
         help: if this release is one before it and works with that schema, let it start without migrations; otherwise deploy the newer release\n"
    );

    // A file that was edited stops the build, and one that is put back does not.
    let file = "migrations/20260101000001_row.sql";
    project.write(file, "INSERT INTO notes VALUES (2, 'edited');\n");
    let output = project.cargo(&["build"]).output().unwrap();
    let said = text(&output.stderr);
    assert!(!output.status.success());
    assert!(
        said.contains("error: D005: `20260101000001_row.sql` was edited (line 3 of atlas.sum)")
            && said.contains("at migrations/atlas.sum:3")
            && said.contains("schema_core::migrate!()"),
        "{said}"
    );
    project.write(file, ROW);
    assert_eq!(
        applied(&program(&project, name), &TestDatabase::new().await.url()).len(),
        2
    );

    // Prefixes of the configuration are known, as they are to the command line.
    project.write("migrate.toml", "directive-prefixes = [\"own\"]\n");
    add(&project, &[("typo", "-- own:txmod none\n\nSELECT 1;\n")]);
    let output = std::process::Command::new(program(&project, name))
        .arg(database.url())
        .output()
        .unwrap();
    let said = text(&output.stderr);
    assert!(
        said.starts_with("Error: `20260101000002_typo.sql`, line 1: ")
            && said.contains("own:txmod"),
        "{said}"
    );
}

#[tokio::test]
async fn of_many_instances_that_start_at_once_one_applies_and_none_fails() {
    let name = "app-race";
    let slow = format!("SELECT pg_sleep(0.3);\n\n{ROW}");
    let project = app(
        name,
        &[("table", TABLE), ("row", &slow)],
        &[("src/main.rs", START)],
    );
    let program = program(&project, name);
    let database = TestDatabase::new().await;
    let children: Vec<_> = (0..8)
        .map(|_| {
            std::process::Command::new(&program)
                .arg(database.url())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut lines = Vec::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        let said = text(&output.stdout);
        lines.extend(said.lines().map(str::to_owned));
    }
    assert_eq!(
        lines,
        ["20260101000000_table.sql", "20260101000001_row.sql"]
    );
}

/// Two migrations, embedded by hand.
fn two() -> Migrator {
    static FILES: [(&str, &str); 2] = [("1_table.sql", TABLE), ("2_row.sql", ROW)];
    embedded(&FILES)
}

/// As the macro embeds them.
fn embedded(files: &'static [(&'static str, &'static str)]) -> Migrator {
    let without = Migrator::embedded("migrations", files, "", None, &[]);
    let sum = without.directory().computed_sum().to_string();
    Migrator::embedded("migrations", files, sum.leak(), None, &[])
}

#[tokio::test]
async fn a_url_options_and_a_pool_will_do_and_a_closure_looks_on() {
    let database = TestDatabase::new().await;
    let migrations = two();
    let options = ApplyOptions::default();
    let states_of = |status: &schema_core::migrate::Status| {
        let versions = status.versions.iter();
        versions.map(|version| version.state).collect::<Vec<_>>()
    };
    let status = migrations.status(&database.options(), &options).await;
    assert_eq!(
        states_of(&status.unwrap()),
        [State::Pending, State::Pending]
    );

    let mut seen = Vec::new();
    let mut look = |event: Event<'_>| {
        if let Event::FileDone { file, .. } = event {
            seen.push(file.file_name.clone());
        }
    };
    let pool = PgPool::connect_lazy_with(database.options());
    let applied = migrations.apply_observed(&pool, &options, &mut look).await;
    assert_eq!(applied.unwrap().files.len(), 2);
    assert_eq!(seen, ["1_table.sql", "2_row.sql"]);
    assert_eq!(pool.size(), 0, "the pool's own connections are left alone");

    let url = database.url();
    let again = migrations.apply(url.as_str(), &options).await.unwrap();
    assert_eq!(again.files, []);
    let status = migrations.status(&url, &options).await.unwrap();
    assert_eq!(states_of(&status), [State::Applied, State::Applied]);
}

#[tokio::test]
async fn an_app_may_start_in_a_task() {
    let database = TestDatabase::new().await;
    let target = database.options();
    let task = tokio::spawn(async move { two().apply(&target, &at_start()).await.is_ok() });
    assert!(task.await.unwrap());
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let error = two().apply("no url", &at_start()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the URL of the database cannot be read: error with configuration: relative URL without a base\n\
         help: a URL looks like postgres://user:password@host:5432/database"
    );

    let database = TestDatabase::with("CREATE TABLE notes ()").await;
    let error = two()
        .apply(&database.options(), &at_start())
        .await
        .unwrap_err();
    assert!(matches!(error, MigrateError::Apply(_)));
    assert_eq!(format!("{error:?}"), error.to_string());
    assert!(error.to_string().contains("\nhelp: "), "{error}");

    // Ahead is only who lacks what is newest.
    let database = TestDatabase::new().await;
    two().apply(&database.options(), &at_start()).await.unwrap();
    let check = async |files, ahead| {
        let applied = embedded(files)
            .apply(&database.options(), &at_start())
            .await;
        let error = applied.unwrap_err();
        assert_eq!(
            matches!(error, MigrateError::Ahead { .. }),
            ahead,
            "{error}"
        );
    };
    check(&[("1_table.sql", TABLE)], true).await;
    check(&[("2_row.sql", ROW)], false).await;
}

/// Tests that write into databases of their own, all at once, and one that panics.
const TESTS: &str = r#"
    use schema_core::migrate::Migrator;
    use schema_core::testing::{self, TestDatabase};
    use sqlx::Connection as _;

    static MIGRATIONS: Migrator = schema_core::migrate!();

    async fn count(database: &TestDatabase) -> i64 {
        let mut connection = database.connect().await.unwrap();
        let count = sqlx::query_scalar("SELECT count(*) FROM notes").fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        count
    }

    async fn writes(number: i64) {
        let database = testing::database(&MIGRATIONS).await.unwrap();
        let pool = sqlx::PgPool::connect(&database.url()).await.unwrap();
        for id in 0..=number {
            sqlx::query("INSERT INTO notes VALUES ($1, 'mine')").bind(id).execute(&pool).await.unwrap();
        }
        assert_eq!(count(&database).await, number + 1);
        // The app under test finds nothing to do.
        let options = schema_core::migrate::ApplyOptions {
            environment: Some(testing::ENVIRONMENT.to_owned()),
            ..Default::default()
        };
        assert_eq!(MIGRATIONS.apply(&pool, &options).await.unwrap().files, []);
    }

    macro_rules! tests {
        ($($name:ident $number:literal)*) => {
            $(#[tokio::test] async fn $name() { writes($number).await })*
        };
    }

    tests!(t00 0 t01 1 t02 2 t03 3 t04 4 t05 5 t06 6 t07 7 t08 8 t09 9);
    tests!(t10 0 t11 1 t12 2 t13 3 t14 4 t15 5 t16 6 t17 7 t18 8 t19 9);

    async fn seeded() -> TestDatabase {
        testing::database_with(&MIGRATIONS, "three notes", async |connection| {
            println!("SEEDING");
            sqlx::query("INSERT INTO notes SELECT n, 'seed' FROM generate_series(1, 3) n").execute(connection).await?;
            Ok(())
        })
        .await
        .unwrap()
    }

    #[tokio::test]
    async fn seeds_are_there_once() {
        assert_eq!(count(&seeded().await).await, 3);
        assert_eq!(count(&seeded().await).await, 3);
    }

    #[tokio::test]
    async fn when_it_was_migrated() {
        let database = testing::database(&MIGRATIONS).await.unwrap();
        let mut connection = database.connect().await.unwrap();
        let at: String = sqlx::query_scalar("SELECT at::text FROM migrated").fetch_one(&mut connection).await.unwrap();
        println!("MIGRATED {at}");
        if let Some(socket) = database.options().get_socket() {
            println!("SOCKET {}", socket.display());
        }
    }

    #[tokio::test]
    async fn a_seed_that_fails_is_named() {
        let error = testing::database_with(&MIGRATIONS, "bad", async |connection| {
            sqlx::query("INSERT INTO nowhere VALUES (1)").execute(connection).await?;
            Ok(())
        })
        .await
        .unwrap_err();
        assert!(format!("{error:?}").starts_with("the seed `bad` fails: "), "{error:?}");
    }

    #[tokio::test]
    async fn panics() {
        let database = testing::database(&MIGRATIONS).await.unwrap();
        let _still_there = database.connect().await.unwrap();
        panic!("on purpose");
    }
"#;

const MIGRATED: &str = "CREATE TABLE migrated (at timestamptz NOT NULL);\n\n\
     INSERT INTO migrated VALUES (clock_timestamp());\n";
const GRANT: &str = "GRANT SELECT ON notes TO app_of_notes;\n";

/// The binaries of the server that these tests run on, unless it is of `TEST_DATABASE_URL`.
async fn binaries() -> Option<PathBuf> {
    let origin = PathBuf::from(&server().await.engine().origin);
    origin.join("postgres").exists().then_some(origin)
}

/// Runs the tests, of which one panics; gives what they said.
async fn run_tests(project: &TestProject, cache: &Path, url: Option<&str>) -> String {
    let mut command = project.cargo(&["test", "--no-fail-fast", "--", "--nocapture"]);
    command
        .env("CARGO_MIGRATE_CACHE", cache)
        .env("TEST_DATABASE_URL", url.unwrap_or_default());
    if let Some(binaries) = binaries().await {
        command.env("CARGO_MIGRATE_PG_BIN", binaries);
    }
    let output = command.output().unwrap();
    text(&output.stdout) + &text(&output.stderr)
}

fn line<'a>(said: &'a str, start: &str) -> &'a str {
    let line = said.lines().find_map(|line| {
        let (_, rest) = line.split_once(start)?;
        Some(rest.trim())
    });
    line.unwrap_or_else(|| panic!("no {start} in {said}"))
}

fn check_tests(said: &str) {
    assert!(
        said.contains("23 passed; 1 failed") && said.contains("on purpose"),
        "{said}"
    );
}

/// Waits for what a child of a process that has ended is still doing.
fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_mins(2), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn tests_at_once_have_databases_of_their_own_and_nothing_is_left() {
    let migrations = [("table", TABLE), ("at", MIGRATED), ("grant", GRANT)];
    let project = app(
        "app-tests",
        &migrations,
        &[("src/lib.rs", ""), ("tests/notes.rs", TESTS)],
    );
    let cache = tempfile::tempdir().unwrap();
    let first = run_tests(&project, cache.path(), None).await;
    check_tests(&first);
    assert_eq!(first.matches("SEEDING").count(), 1, "{first}");
    let socket = line(&first, "SOCKET ");
    wait_until("the directory of the server goes", || {
        !Path::new(socket).exists()
    });

    // Nothing is replayed: the rows are those of the first run.
    let second = run_tests(&project, cache.path(), None).await;
    check_tests(&second);
    assert_eq!(line(&second, "MIGRATED "), line(&first, "MIGRATED "));
    assert_eq!(second.matches("SEEDING").count(), 0, "{second}");

    // A new migration is a new state.
    add(
        &project,
        &[("row", "INSERT INTO migrated SELECT at FROM migrated;\n")],
    );
    let third = run_tests(&project, cache.path(), None).await;
    check_tests(&third);
    assert_ne!(line(&third, "MIGRATED "), line(&first, "MIGRATED "));
    assert_eq!(third.matches("SEEDING").count(), 1, "{third}");
}

#[tokio::test]
async fn on_a_server_of_the_users_only_the_states_stay() {
    let migrations = [("table", TABLE), ("at", MIGRATED), ("grant", GRANT)];
    let project = app(
        "app-tests-remote",
        &migrations,
        &[("src/lib.rs", ""), ("tests/notes.rs", TESTS)],
    );
    let Some(binaries) = binaries().await else {
        println!("skipped: the tests run on a server of TEST_DATABASE_URL, without binaries");
        return;
    };
    let cache = tempfile::tempdir().unwrap();
    // A server by itself: others make databases of our names too.
    let mut options = Options::new(cache.path().join("theirs"));
    options.source = Source::Bin(binaries);
    let theirs = DevServer::open(&options).await.unwrap();
    let scratch = theirs.scratch().await.unwrap();
    let url = sqlx::ConnectOptions::to_url_lossy(&scratch.options()).to_string();

    // Nothing but databases is made there; a role is asked for.
    let said = run_tests(&project, cache.path(), Some(&url)).await;
    assert!(
        said.contains(
            "the dev database has no role app_of_notes\n\
             help: create it on the server of TEST_DATABASE_URL: `CREATE ROLE app_of_notes`"
        ),
        "{said}"
    );
    let mut connection = scratch.connect().await.unwrap();
    sqlx::raw_sql("CREATE ROLE app_of_notes")
        .execute(&mut connection)
        .await
        .unwrap();

    let first = run_tests(&project, cache.path(), Some(&url)).await;
    check_tests(&first);
    let second = run_tests(&project, cache.path(), Some(&url)).await;
    check_tests(&second);
    assert_eq!(line(&second, "MIGRATED "), line(&first, "MIGRATED "));
    assert_eq!(second.matches("SEEDING").count(), 0, "{second}");

    // The templates of a process that has ended go with the next one; what tests had is gone.
    let sql = "SELECT count(*) FILTER (WHERE datname ~ '^cargo_migrate_[0-9a-f]{16}$'), \
               count(*) FILTER (WHERE datname ~ '^cargo_migrate_scratch_') \
               FROM pg_database";
    let (states, left): (i64, i64) = sqlx::query_as(sql)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(states, 2, "migrated, and seeded");
    assert!(left <= 2, "{left} databases stay; there are two templates");
    let _ = connection.close().await;
}
