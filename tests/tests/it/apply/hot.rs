//! Tests: migrations of tables that are under full load.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use integration_tests::postgres::TestDatabase;
use schema_core::apply::{ApplyOptions, Event, Observer, apply};
use schema_core::dev_db::default_binary_dirs;
use sqlx::PgConnection;

use super::directory;

/// What takes locks, each its own way. The last two want more than one, and in an order that is not
/// that of the load, so that load and migration come to wait for each other.
const MIGRATIONS: [(&str, &str); 12] = [
    (
        "01_add_column.sql",
        "ALTER TABLE pgbench_accounts ADD COLUMN note text;",
    ),
    (
        "02_drop_column.sql",
        "ALTER TABLE pgbench_accounts DROP COLUMN note;",
    ),
    (
        "03_add_check.sql",
        "ALTER TABLE pgbench_tellers ADD CONSTRAINT known CHECK (bid > 0) NOT VALID;",
    ),
    (
        "04_validate.sql",
        "ALTER TABLE pgbench_tellers VALIDATE CONSTRAINT known;",
    ),
    (
        "05_foreign_key.sql",
        "ALTER TABLE pgbench_tellers ADD CONSTRAINT of_branch FOREIGN KEY (bid) REFERENCES pgbench_branches NOT VALID;",
    ),
    (
        "06_index.sql",
        "-- migrate:txmode none\nCREATE INDEX CONCURRENTLY by_time ON pgbench_history (mtime);",
    ),
    (
        "07_alter_type.sql",
        "ALTER TABLE pgbench_branches ALTER COLUMN filler TYPE varchar(88);",
    ),
    (
        "08_rename_constraint.sql",
        "ALTER TABLE pgbench_tellers RENAME CONSTRAINT known TO known_branch;",
    ),
    (
        "09_trigger.sql",
        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';\nCREATE TRIGGER quiet BEFORE INSERT ON pgbench_history FOR EACH ROW EXECUTE FUNCTION nothing();",
    ),
    (
        "10_default.sql",
        "ALTER TABLE pgbench_history ALTER COLUMN filler SET DEFAULT '';",
    ),
    (
        "11_backwards.sql",
        "ALTER TABLE pgbench_branches ADD COLUMN a int;\nALTER TABLE pgbench_tellers ADD COLUMN a int;\nALTER TABLE pgbench_accounts ADD COLUMN a int;",
    ),
    (
        "12_crossing.sql",
        "ALTER TABLE pgbench_accounts ADD COLUMN b int;\nALTER TABLE pgbench_branches ADD COLUMN b int;\nALTER TABLE pgbench_history ADD COLUMN b int;\nALTER TABLE pgbench_tellers ADD COLUMN b int;",
    ),
];

const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// Beyond the lock timeout.
const MARGIN: Duration = Duration::from_millis(100);

/// Counts what is tried again.
#[derive(Default)]
struct Retries(usize);

impl Observer for Retries {
    fn event(&mut self, event: Event<'_>) {
        if let Event::Retry {
            file,
            server,
            blocker,
            ..
        } = event
        {
            println!("{}: {} {blocker:?}", file.file_name, server.message);
            self.0 += 1;
        }
    }
}

#[tokio::test]
async fn a_load_at_full_speed_neither_fails_nor_waits_for_long() {
    let dirs = default_binary_dirs(std::env::var_os("PATH").as_deref());
    let mut programs = dirs.into_iter().map(|dir| dir.join("pgbench"));
    let Some(pgbench) = programs.find(|program| program.is_file()) else {
        println!("skipped: no pgbench");
        return;
    };
    let database = TestDatabase::new().await;
    let target = database.options();
    let socket = target
        .get_socket()
        .map(|socket| socket.display().to_string());
    let host = socket.unwrap_or_else(|| target.get_host().to_owned());
    let folder = tempfile::tempdir().expect("a folder for the logs");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&pgbench);
        command
            .args(arguments)
            .arg(target.get_database().expect("a name"));
        command
            .env("PGHOST", &host)
            .env("PGPORT", target.get_port().to_string());
        command
            .env("PGUSER", target.get_username())
            .current_dir(folder.path());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("pgbench runs")
    };
    finished(run(&["--initialize", "--quiet", "--scale=4"]));

    // How long the longest takes on this machine, if nobody is in the way.
    finished(run(&[
        "--client=4",
        "--no-vacuum",
        "--time=2",
        "--log",
        "--log-prefix=alone",
    ]));
    let alone = longest(folder.path(), "alone");
    database.run("TRUNCATE pgbench_history").await;

    let load = run(&[
        "--client=4",
        "--no-vacuum",
        "--time=600",
        "--log",
        "--log-prefix=hot",
    ]);
    let busy = "SELECT (count(*) > 100)::text FROM pgbench_history";
    while super::text(&database, busy).await != "true" {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let options = ApplyOptions {
        allow_dirty: true,
        statement_lock_timeout: LOCK_TIMEOUT,
        retry_for: Duration::from_mins(5),
        ..ApplyOptions::default()
    };
    let mut retries = Retries::default();
    let directory = directory(&MIGRATIONS);
    let longest_wait = Arc::new(AtomicU64::new(0));
    let sampling = tokio::spawn(sample(database.connect().await, Arc::clone(&longest_wait)));
    let applied = apply(&target, &directory, &options, &mut retries).await;
    sampling.abort();
    // It ends as it does when its time is up, and writes its log.
    let ended = Command::new("kill")
        .args(["-ALRM", &load.id().to_string()])
        .status();
    assert!(ended.expect("kill runs").success());
    let output = finished(load);
    assert_eq!(applied.unwrap().files.len(), MIGRATIONS.len());
    let summary = String::from_utf8_lossy(&output.stdout);
    let failed = summary
        .lines()
        .find(|line| line.contains("failed transactions"));
    assert!(failed.is_none_or(|line| line.contains(": 0 ")), "{summary}");
    let hot = longest(folder.path(), "hot");
    let waited = Duration::from_millis(longest_wait.load(Ordering::Relaxed));
    println!(
        "longest wait for a migration: {waited:?}; longest transaction: {hot:?}, without migrations {alone:?}; {} attempts more\n{summary}",
        retries.0
    );
    assert!(waited <= LOCK_TIMEOUT + MARGIN, "{waited:?}");
    assert!(hot <= LOCK_TIMEOUT + MARGIN + alone, "{hot:?}, {alone:?}");
}

/// Its output, if it did well.
fn finished(program: Child) -> Output {
    let output = program.wait_with_output().expect("pgbench runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    output
}

/// The longest transaction in the logs of this prefix.
fn longest(folder: &Path, prefix: &str) -> Duration {
    let logs = fs_err::read_dir(folder).expect("a folder");
    let logs = logs.map(|entry| entry.expect("an entry").path());
    let logs = logs.filter(|path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(prefix))
    });
    let text: String = logs
        .map(|path| fs_err::read_to_string(path).expect("a log"))
        .collect();
    // client, number, microseconds, …
    let times = text
        .lines()
        .filter_map(|line| line.split(' ').nth(2)?.parse().ok());
    Duration::from_micros(times.max().expect("transactions"))
}

/// Keeps the longest time that a session of the load has waited for a lock of a migration.
async fn sample(mut connection: PgConnection, longest: Arc<AtomicU64>) {
    let sql = "SELECT max(extract(epoch FROM clock_timestamp() - l.waitstart) * 1000)::int8 \
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
        WHERE NOT l.granted AND a.application_name = 'pgbench' AND EXISTS ( \
            SELECT FROM pg_stat_activity m WHERE m.application_name LIKE 'cargo-migrate %' AND m.pid = ANY (pg_blocking_pids(l.pid)))";
    loop {
        let waited: Option<i64> = sqlx::query_scalar(sql)
            .fetch_one(&mut connection)
            .await
            .expect("the test database answers");
        let waited = waited.and_then(|waited| u64::try_from(waited).ok());
        longest.fetch_max(waited.unwrap_or_default(), Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
