//! Tests: files that meet the locks of others, and what is tried again.

use std::time::Duration;

use integration_tests::postgres::TestDatabase;
use schema_core::apply::{
    ApplyError, ApplyOptions, ApplyReport, Event, Observer, Transactions, apply,
};
use schema_core::directory::Directory;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::watch;

use super::{ONE, directory, rows, run, text};

/// A session of the app.
async fn app(database: &TestDatabase, sql: &str) -> (PgConnection, i32) {
    let options = database.options().application_name("shop");
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    let process = sqlx::query_scalar("SELECT pg_backend_pid()")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    execute(&mut connection, sql).await;
    (connection, process)
}

async fn execute(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{error}\n{sql}"));
}

/// Waits until a query says yes.
async fn until(database: &TestDatabase, condition: &str) {
    let sql = format!("SELECT ({condition})::text");
    while text(database, &sql).await != "true" {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Notes what is tried again, and tells how often.
struct Notes {
    retries: Vec<String>,
    count: watch::Sender<usize>,
}

impl Notes {
    fn new() -> (Self, watch::Receiver<usize>) {
        let (count, receiver) = watch::channel(0);
        let retries = Vec::new();
        (Self { retries, count }, receiver)
    }
}

impl Observer for Notes {
    fn event(&mut self, event: Event<'_>) {
        if let Event::Retry {
            file,
            server,
            blocker,
            ..
        } = event
        {
            self.retries.push(format!(
                "{}: {} {}",
                file.file_name,
                server.message,
                blocker.unwrap_or("-")
            ));
            self.count.send_replace(self.retries.len());
        }
    }
}

fn impatient() -> ApplyOptions {
    ApplyOptions {
        statement_lock_timeout: Duration::from_millis(400),
        ..ApplyOptions::default()
    }
}

/// Applies while a session of the app has run `held`, which it ends once this has been tried again so often.
async fn apply_against(
    database: &TestDatabase,
    directory: &Directory,
    options: &ApplyOptions,
    held: &str,
    times: usize,
) -> (Result<ApplyReport, ApplyError>, Vec<String>, i32) {
    let (mut holder, process) = app(database, held).await;
    let (mut notes, mut count) = Notes::new();
    let target = database.options();
    let applying = apply(&target, directory, options, &mut notes);
    let releasing = async {
        count.wait_for(|count| *count >= times).await.unwrap();
        execute(&mut holder, "ROLLBACK").await;
    };
    let (result, ()) = tokio::join!(applying, releasing);
    (result, notes.retries, process)
}

#[tokio::test]
async fn a_file_that_meets_a_lock_is_tried_again() {
    let database = TestDatabase::new().await;
    run(&database, &directory(&[ONE])).await.unwrap();
    let two = (
        "2_two.sql",
        "CREATE TABLE two (id int);\nALTER TABLE one ADD COLUMN more int;\n",
    );
    let held = "BEGIN; SELECT FROM one";
    let directory = directory(&[ONE, two]);
    let (result, retries, process) =
        apply_against(&database, &directory, &impatient(), held, 2).await;
    result.unwrap();
    assert!(retries.len() >= 2, "{retries:?}");
    let expected = format!(
        "2_two.sql: canceling statement due to lock timeout process {process} (`shop`, role "
    );
    assert!(
        retries
            .iter()
            .all(|it| it.starts_with(&expected) && it.contains(", idle in a transaction for ")),
        "{retries:?}"
    );
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|two|2|2|2|-|-|-"
    );
}

#[tokio::test]
async fn who_was_in_the_way_is_told_in_the_end() {
    let database = TestDatabase::new().await;
    run(&database, &directory(&[ONE])).await.unwrap();
    let directory = directory(&[ONE, ("2_two.sql", "SELECT 1;\nDROP TABLE one;\n")]);
    let (mut holder, process) = app(&database, "BEGIN; SELECT FROM one").await;
    for (retry_for, tried) in [(0, false), (700, true)] {
        let options = ApplyOptions {
            retry_for: Duration::from_millis(retry_for),
            ..impatient()
        };
        let (mut notes, _count) = Notes::new();
        let error = apply(&database.options(), &directory, &options, &mut notes)
            .await
            .unwrap_err();
        let ApplyError::Statement { failure, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!((failure.index, failure.line), (1, 2));
        let detail = failure.server.detail.as_deref().unwrap_or_default();
        assert!(
            detail.starts_with(&format!("it waited for process {process} (`shop`")),
            "{detail}"
        );
        assert_eq!(detail.contains("; tried "), tried, "{detail}");
        assert_eq!(notes.retries.is_empty(), !tried);
        assert_eq!(
            rows(&database).await,
            "1|one|2|2|2|-|-|-\n2|two|2|0|2|canceling statement due to lock timeout|DROP TABLE one;|-"
        );
    }
    execute(&mut holder, "ROLLBACK").await;
    run(&database, &directory).await.unwrap();
}

#[tokio::test]
async fn what_was_committed_is_not_repeated() {
    let mode_none = "-- migrate:txmode none\nCREATE TABLE two (id int);\nINSERT INTO two VALUES (1);\nALTER TABLE one ADD COLUMN more int;\n";
    let own = "BEGIN;\nCREATE TABLE two (id int);\nINSERT INTO two VALUES (1);\nCOMMIT;\nBEGIN;\nINSERT INTO two VALUES (2);\nALTER TABLE one ADD COLUMN more int;\nCOMMIT;\n";
    for (two, count) in [(mode_none, "1"), (own, "2")] {
        let database = TestDatabase::new().await;
        run(&database, &directory(&[ONE])).await.unwrap();
        let directory = directory(&[ONE, ("2_two.sql", two)]);
        let held = "BEGIN; SELECT FROM one";
        let (result, retries, _) =
            apply_against(&database, &directory, &impatient(), held, 2).await;
        result.unwrap();
        assert!(retries.len() >= 2, "{retries:?}");
        assert_eq!(
            text(&database, "SELECT count(*)::text FROM two").await,
            count
        );
        assert!(!rows(&database).await.contains("canceling"));
    }
}

#[tokio::test]
async fn a_deadlock_is_broken_at_our_cost() {
    let database = TestDatabase::with("CREATE TABLE a (id int); CREATE TABLE b (id int)").await;
    // Ours is the first to look for one.
    let one = "SET LOCAL deadlock_timeout = '10ms';\nALTER TABLE a ADD COLUMN more int;\n\
        SELECT pg_advisory_xact_lock(7);\nALTER TABLE b ADD COLUMN more int;\n";
    let directory = directory(&[("1_one.sql", one)]);
    let options = ApplyOptions {
        allow_dirty: true,
        ..ApplyOptions::default()
    };
    let (mut barrier, _) = app(&database, "SELECT pg_advisory_lock(7)").await;
    let (mut shop, _) = app(&database, "BEGIN; SELECT FROM b").await;
    let (mut notes, _count) = Notes::new();
    let target = database.options();
    let applying = apply(&target, &directory, &options, &mut notes);
    let shopping = async {
        let waits = |what| format!("EXISTS (SELECT FROM pg_locks WHERE NOT granted AND {what})");
        until(&database, &waits("locktype = 'advisory'")).await;
        let open_barrier = async {
            until(&database, &waits("relation = 'a'::regclass")).await;
            execute(&mut barrier, "SELECT pg_advisory_unlock(7)").await;
        };
        tokio::join!(execute(&mut shop, "SELECT FROM a"), open_barrier);
        execute(&mut shop, "COMMIT").await;
    };
    let (result, ()) = tokio::join!(applying, shopping);
    result.unwrap();
    assert!(
        notes.retries[0].starts_with("1_one.sql: deadlock detected"),
        "{:?}",
        notes.retries
    );
}

#[tokio::test]
async fn a_migration_gives_way_before_the_app_finds_a_deadlock() {
    let database = TestDatabase::with("CREATE TABLE a (id int); CREATE TABLE b (id int)").await;
    let one = "ALTER TABLE a ADD COLUMN more int;\nALTER TABLE b ADD COLUMN more int;\n";
    let directory = directory(&[("1_one.sql", one)]);
    let options = ApplyOptions {
        allow_dirty: true,
        statement_lock_timeout: Duration::ZERO,
        ..ApplyOptions::default()
    };
    let (mut shop, process) = app(&database, "BEGIN; SELECT FROM b").await;
    let (mut notes, _count) = Notes::new();
    let target = database.options();
    let applying = apply(&target, &directory, &options, &mut notes);
    let shopping = async {
        let waits = "EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'b'::regclass)";
        until(&database, waits).await;
        execute(&mut shop, "SELECT FROM a").await;
        execute(&mut shop, "COMMIT").await;
    };
    let (result, ()) = tokio::join!(applying, shopping);
    result.unwrap();
    assert!(
        notes.retries[0].starts_with(&format!(
            "1_one.sql: stopped to give way to process {process}, which waited for a lock of this migration process {process} ("
        )),
        "{:?}",
        notes.retries
    );
    assert_eq!(rows(&database).await, "1|one|2|2|2|-|-|-");
}

#[tokio::test]
async fn a_serialization_failure_is_tried_again() {
    let database = TestDatabase::with("CREATE TABLE t (n int); INSERT INTO t VALUES (0)").await;
    let one = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nSELECT FROM t;\n\
        SELECT pg_advisory_lock(7);\nUPDATE t SET n = n + 1;\n";
    let directory = directory(&[("1_one.sql", one)]);
    let options = ApplyOptions {
        allow_dirty: true,
        ..ApplyOptions::default()
    };
    let (mut shop, _) = app(&database, "SELECT pg_advisory_lock(7)").await;
    let (mut notes, _count) = Notes::new();
    let target = database.options();
    let applying = apply(&target, &directory, &options, &mut notes);
    let shopping = async {
        let waits = "EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'advisory')";
        until(&database, waits).await;
        execute(&mut shop, "UPDATE t SET n = 10").await;
        execute(&mut shop, "SELECT pg_advisory_unlock(7)").await;
    };
    let (result, ()) = tokio::join!(applying, shopping);
    result.unwrap();
    assert_eq!(
        notes.retries,
        ["1_one.sql: could not serialize access due to concurrent update -"]
    );
    assert_eq!(text(&database, "SELECT n::text FROM t").await, "11");
}

#[tokio::test]
async fn a_concurrent_build_waits_as_long_as_it_takes() {
    let database = TestDatabase::new().await;
    run(&database, &directory(&[ONE])).await.unwrap();
    // What holds for the build alone is over behind it.
    let index = "-- migrate:txmode none\nCREATE INDEX CONCURRENTLY i ON one (id);\n\
        INSERT INTO one SELECT 1 / (current_setting('lock_' || 'timeout') = '50ms')::int;\n";
    let directory = directory(&[ONE, ("2_index.sql", index)]);
    let options = ApplyOptions {
        statement_lock_timeout: Duration::from_millis(50),
        ..ApplyOptions::default()
    };
    let (mut writer, _) = app(&database, "BEGIN; INSERT INTO one VALUES (2)").await;
    let (mut notes, _count) = Notes::new();
    let target = database.options();
    let applying = apply(&target, &directory, &options, &mut notes);
    let writing = async {
        let waits = "EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'virtualxid' \
            AND waitstart < clock_timestamp() - interval '200 ms')";
        until(&database, waits).await;
        execute(&mut writer, "COMMIT").await;
    };
    let (result, ()) = tokio::join!(applying, writing);
    result.unwrap();
    assert_eq!(notes.retries, [""; 0]);
    let invalid = "SELECT count(*)::text FROM pg_index WHERE NOT indisvalid";
    assert_eq!(text(&database, invalid).await, "0");
}

#[tokio::test]
async fn a_concurrent_build_that_gave_up_is_built_again() {
    let database = TestDatabase::new().await;
    run(&database, &directory(&[ONE])).await.unwrap();
    let index = "-- migrate:txmode none\nSET lock_timeout = '100ms';\nCREATE INDEX CONCURRENTLY i ON one (id);\n";
    let directory = directory(&[ONE, ("2_index.sql", index)]);
    let held = "BEGIN; INSERT INTO one VALUES (2)";
    let (result, retries, _) =
        apply_against(&database, &directory, &ApplyOptions::default(), held, 2).await;
    result.unwrap();
    assert!(retries.len() >= 2, "{retries:?}");
    let indexes = "SELECT string_agg(concat(indexrelid::regclass, ' ', indisvalid), ',') FROM pg_index WHERE indrelid = 'one'::regclass";
    assert_eq!(text(&database, indexes).await, "i t");
}

#[tokio::test]
async fn one_transaction_for_all_is_tried_again_as_a_whole() {
    let database = TestDatabase::new().await;
    run(&database, &directory(&[ONE])).await.unwrap();
    let two = "CREATE TABLE two (id int);\nINSERT INTO two VALUES (1);\n";
    let three = "ALTER TABLE one ADD COLUMN more int;\n";
    let directory = directory(&[ONE, ("2_two.sql", two), ("3_three.sql", three)]);
    let options = ApplyOptions {
        transactions: Transactions::All,
        ..impatient()
    };
    let held = "BEGIN; SELECT FROM one";
    let (result, retries, _) = apply_against(&database, &directory, &options, held, 2).await;
    assert_eq!(result.unwrap().files.len(), 2);
    assert!(
        retries.len() >= 2 && retries.iter().all(|it| it.starts_with("3_three.sql: ")),
        "{retries:?}"
    );
    assert_eq!(text(&database, "SELECT count(*)::text FROM two").await, "1");
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|two|2|2|2|-|-|-\n3|three|2|1|1|-|-|-"
    );
}
