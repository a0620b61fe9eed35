//! Tests: runs that are killed or cut off, at every boundary and inside of statements, until all is done.

use std::time::{Duration, Instant};

use integration_tests::postgres::TestDatabase;
use integration_tests::project::cargo_migrate;
use integration_tests::proxy::{Fault, Harm, Moment, Proxy};
use integration_tests::repository::TestRepository;
use schema_core::apply::{ApplyError, ApplyOptions, Limit, ServerError, Silent, apply};
use schema_core::catalog::Catalog;
use schema_core::directory::Directory;
use sqlx::PgConnection;

/// How many files the directory has.
const FILES: usize = 40;

/// In every statement, to find the requests that hold one.
const MARK: &str = "/* step */";

/// What every run leaves in the end: what is there, what the statements did, what is on record.
#[derive(Debug, PartialEq)]
struct Outcome {
    catalog: Catalog,
    data: String,
    history: String,
}

/// Everything that a file can be: one transaction, several, none; what is done twice shows.
fn files() -> Vec<(String, String)> {
    let first = "\
        CREATE /* step */ TABLE steps (name text);\n\
        CREATE /* step */ TABLE counter (n int);\n\
        INSERT /* step */ INTO counter VALUES (0);\n\
        CREATE /* step */ TABLE items (id int, kind text);\n\
        CREATE /* step */ TYPE mood AS ENUM ('calm');\n";
    let mut files = vec![("00_first.sql".to_owned(), first.to_owned())];
    for number in 1..FILES {
        let step =
            |part: usize| format!("INSERT /* step */ INTO steps VALUES ('{number:02}.{part}');\n");
        let (one, two, count) = (
            step(1),
            step(2),
            "UPDATE /* step */ counter SET n = n + 1;\n",
        );
        let none = "-- migrate:txmode none\n\n";
        let (name, text) = match number % 13 {
            1 => (
                "table",
                format!("CREATE /* step */ TABLE t{number} (id int);\n{one}{count}"),
            ),
            2 => (
                "index",
                format!(
                    "{none}{one}CREATE /* step */ INDEX CONCURRENTLY i{number} ON items (kind);\n{two}"
                ),
            ),
            3 => (
                "label",
                format!(
                    "{none}{one}ALTER /* step */ TYPE mood ADD VALUE 'mood {number}';\n{count}"
                ),
            ),
            4 => (
                "own",
                format!(
                    "BEGIN /* step */;\n{one}{count}COMMIT /* step */;\n{two}BEGIN /* step */;\n{count}CREATE /* step */ TABLE t{number} ();\nCOMMIT /* step */;\n"
                ),
            ),
            5 => (
                "data",
                format!(
                    "INSERT /* step */ INTO items SELECT n, 'kind {number}' FROM generate_series(1, 50) n;\n{count}{one}"
                ),
            ),
            6 => (
                "unique",
                format!(
                    "{none}CREATE /* step */ UNIQUE INDEX CONCURRENTLY IF NOT EXISTS u{number} ON counter (n);\n{count}DROP /* step */ INDEX CONCURRENTLY u{number};\n{one}"
                ),
            ),
            7 => (
                "column",
                format!(
                    "SET LOCAL /* step */ lock_timeout = '5s';\nALTER /* step */ TABLE items ADD COLUMN c{number} int DEFAULT {number};\n{one}"
                ),
            ),
            8 => (
                "vacuum",
                format!("{none}{count}VACUUM /* step */ items;\n{one}"),
            ),
            9 => (
                "slow",
                format!(
                    "INSERT /* step */ INTO steps SELECT '{number:02}.1' FROM pg_sleep(0.03);\n{count}"
                ),
            ),
            10 => (
                "slowly",
                format!(
                    "{none}INSERT /* step */ INTO steps SELECT '{number:02}.1' FROM pg_sleep(0.03);\n{count}"
                ),
            ),
            11 => (
                "alone",
                format!(
                    "{none}CREATE /* step */ INDEX CONCURRENTLY \"I {number}\" ON items (id, kind);\n"
                ),
            ),
            12 => (
                "function",
                format!(
                    "CREATE /* step */ FUNCTION f{number}() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN {number}; END $$;\nSELECT /* step */ f{number}();\n{one}"
                ),
            ),
            _ => (
                "settings",
                format!(
                    "{none}SET /* step */ search_path = pg_catalog, public;\n{one}CREATE /* step */ TABLE public.t{number} (id int);\n{count}"
                ),
            ),
        };
        files.push((format!("{number:02}_{name}.sql"), text));
    }
    files
}

fn directory() -> Directory {
    let files = files();
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    super::directory(&files)
}

async fn outcome(database: &TestDatabase) -> Outcome {
    Outcome {
        catalog: database.catalog().await,
        data: super::text(
            database,
            "SELECT concat_ws(E'\\n', (SELECT n::text FROM counter), (SELECT string_agg(name, ' ' ORDER BY name) FROM steps), \
             (SELECT string_agg(items::text, ' ' ORDER BY items::text) FROM items), enum_range(NULL::mood)::text)",
        )
        .await,
        history: super::text(
            database,
            "SELECT string_agg(concat_ws('|', version, description, type, applied, total, coalesce(error, '-'), coalesce(error_stmt, '-'), \
             hash, coalesce(partial_hashes::text, '-'), operator_version), E'\\n' ORDER BY version) \
             FROM atlas_schema_revisions.atlas_schema_revisions",
        )
        .await,
    }
}

/// What a run that nothing disturbs leaves.
async fn undisturbed() -> Outcome {
    let database = TestDatabase::new().await;
    super::run(&database, &directory()).await.unwrap();
    outcome(&database).await
}

/// Who applies.
enum Applier {
    /// This process.
    Here(Directory),
    /// `cargo migrate`.
    Process(TestRepository),
}

impl Applier {
    fn process() -> Self {
        let folder = TestRepository::folder();
        for (name, text) in files() {
            folder.migration(&name, &text);
        }
        folder.hash();
        Self::Process(folder)
    }

    /// Runs it. What fails has to be the connection, and nothing else.
    async fn run(&self, proxy: &Proxy) -> Result<(), String> {
        match self {
            Self::Here(directory) => {
                let options = ApplyOptions {
                    // Else a run that gets over a fault would go on to the end.
                    limit: Limit::Count(1),
                    lock_timeout: Duration::from_mins(1),
                    ..ApplyOptions::default()
                };
                let result = apply(&proxy.options(), directory, &options, &mut Silent).await;
                result.map(drop).map_err(|error| {
                    assert!(is_of_the_connection(&error), "{error:?}");
                    error.to_string()
                })
            }
            Self::Process(folder) => {
                let mut command = folder.command(cargo_migrate());
                command.args([
                    "apply",
                    "--quiet",
                    "--lock-timeout",
                    "60",
                    "--url",
                    &proxy.url(),
                ]);
                let (status, said) = proxy.run(&mut command);
                match status.code() {
                    Some(0) => Ok(()),
                    None => Err("killed".to_owned()),
                    Some(code) => panic!("exit code {code}: {said}"),
                }
            }
        }
    }
}

fn is_of_the_connection(error: &ApplyError) -> bool {
    let is_lost = |server: &ServerError| {
        // admin_shutdown, connection failures
        let state = server.sqlstate.as_deref();
        state.is_none_or(|state| state == "57P01" || state.starts_with("08"))
    };
    match error {
        ApplyError::Connect { server, .. }
        | ApplyError::Commit { server, .. }
        | ApplyError::Interrupted { server, .. }
        | ApplyError::Session { server, .. } => is_lost(server),
        ApplyError::Statement { failure, .. } => is_lost(&failure.server),
        ApplyError::LockLost { .. } => true,
        _ => false,
    }
}

/// How far the history is, and that no statement took effect twice.
async fn progress(connection: &mut PgConnection) -> i64 {
    let has_history: bool = sqlx::query_scalar(
        "SELECT to_regclass('atlas_schema_revisions.atlas_schema_revisions') IS NOT NULL AND to_regclass('steps') IS NOT NULL",
    )
    .fetch_one(&mut *connection)
    .await
    .unwrap();
    if !has_history {
        return 0;
    }
    let (progress, twice): (i64, Option<String>) = sqlx::query_as(
        "SELECT (SELECT sum(applied)::bigint FROM atlas_schema_revisions.atlas_schema_revisions), \
         (SELECT string_agg(name, ', ') FROM (SELECT name FROM steps GROUP BY name HAVING count(*) > 1) s)",
    )
    .fetch_one(connection)
    .await
    .unwrap();
    assert_eq!(twice, None, "ran twice");
    progress
}

/// Applies again and again, disturbed at one beat after the other, until all is done. At every
/// statement it begins with what comes right before it. Returns the number of faults.
async fn endure(applier: &Applier, harm: Harm, stride: usize) -> usize {
    let database = TestDatabase::new().await;
    let mut control = database.connect().await;
    let proxy = Proxy::new(&database.options());
    let (mut beat, mut first, mut faults, mut before) = (1, 1, 0, 0);
    let begun = Instant::now();
    loop {
        proxy.disturb(Some(Fault {
            at: Moment::Beat(beat),
            harm,
        }));
        let result = applier.run(&proxy).await;
        let has_struck = proxy.has_struck();
        let now = progress(&mut control).await;
        if has_struck {
            faults += 1;
        } else {
            result.unwrap();
            if now == before {
                break;
            }
        }
        let requests = proxy.requests();
        if let Some(statement) = requests.iter().position(|it| it.text.contains(MARK)) {
            // The request before it is the last that is the same for all files.
            first = requests[statement.saturating_sub(1)].beat;
        }
        beat = if now > before {
            first + faults % stride
        } else {
            beat + stride
        };
        before = before.max(now);
    }
    println!("{harm:?}: {faults} faults in {:?}", begun.elapsed());
    assert_eq!(outcome(&database).await, undisturbed().await);
    faults
}

#[tokio::test]
async fn a_connection_may_break_at_every_moment() {
    let applier = Applier::Here(directory());
    let faults = endure(&applier, Harm::Cut, 1).await;
    assert!(faults >= 200, "{faults}");
}

#[tokio::test]
async fn the_network_may_go_down_at_every_moment() {
    let applier = Applier::Here(directory());
    let faults = endure(&applier, Harm::Down, 1).await;
    assert!(faults >= 200, "{faults}");
}

#[tokio::test]
async fn a_session_may_be_ended_at_every_moment() {
    let applier = Applier::Here(directory());
    let faults = endure(&applier, Harm::Terminate, 2).await;
    assert!(faults >= 200, "{faults}");
}

#[tokio::test]
async fn the_process_may_be_killed_at_every_moment() {
    let applier = Applier::process();
    let faults = endure(&applier, Harm::Kill, 1).await;
    assert!(faults >= 200, "{faults}");
}

#[tokio::test]
async fn a_statement_that_outlives_its_client_is_waited_for() {
    let files = [
        ("1_slow.sql", "CREATE /* step */ TABLE steps (name text);"),
        (
            "2_slow.sql",
            "INSERT /* step */ INTO steps SELECT 'slow' FROM pg_sleep(0.5);",
        ),
    ];
    let directory = super::directory(&files);
    let apply = async |proxy: &Proxy| {
        let options = ApplyOptions::default();
        apply(&proxy.options(), &directory, &options, &mut Silent).await
    };
    let other = TestDatabase::new().await;
    let proxy = Proxy::new(&other.options());
    apply(&proxy).await.unwrap();
    let requests = proxy.requests();
    let slow = requests.iter().find(|it| it.text.contains("pg_sleep"));
    let at = Moment::Beat(slow.unwrap().beat + 2);

    let database = TestDatabase::new().await;
    let proxy = Proxy::new(&database.options());
    let harm = Harm::Down;
    proxy.disturb(Some(Fault { at, harm }));
    let error = apply(&proxy).await.unwrap_err();
    assert!(is_of_the_connection(&error), "{error:?}");
    // The server has the statement, and its client is gone.
    proxy.disturb(None);
    apply(&proxy).await.unwrap();
    let steps = "SELECT string_agg(name, ',') FROM steps";
    assert_eq!(super::text(&database, steps).await, "slow");
}
