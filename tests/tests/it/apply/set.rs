//! Tests: `set` makes the history say that a database is at a version.

use std::time::Duration;

use integration_tests::postgres::TestDatabase;
use integration_tests::repository::{Ran, TestRepository};
use schema_core::apply::{SetError, SetOptions, SetReport, Silent, State, set};
use schema_core::directory::{Directory, Version};

use super::{ONE, THREE, TWO, directory, rows, run, states, text};

fn options(version: Option<&str>) -> SetOptions {
    SetOptions {
        version: version.map(Version::new),
        dry_run: false,
        may_remove: None,
        lock_timeout: Duration::from_secs(10),
        revisions_schema: None,
    }
}

async fn set_to(database: &TestDatabase, directory: &Directory, version: &str) -> SetReport {
    let options = options(Some(version));
    set(&database.options(), directory, &options, &mut Silent)
        .await
        .unwrap()
}

fn repository(files: &[(&str, &str)]) -> TestRepository {
    TestRepository::with_migrations(files)
}

fn migrate(repository: &TestRepository, database: &TestDatabase, arguments: &[&str]) -> Ran {
    let url = database.url();
    repository.migrate(&[arguments, &["--url", &url]].concat())
}

/// Two statements, each by itself, of which the second fails.
const HALF: (&str, &str) = (
    "2_half.sql",
    "-- atlas:txmode none\n\nCREATE TABLE half_a ();\nCREATE TABLE\n  one ();\nCREATE TABLE half_b ();\n",
);

const NO_TABLE: &str = "SELECT to_regclass('atlas_schema_revisions.atlas_schema_revisions')::text";

#[tokio::test]
async fn files_without_a_row_get_one_and_the_second_time_nothing_happens() {
    let database = TestDatabase::new().await;
    let repository = repository(&[ONE, TWO, THREE]);
    let dry = migrate(&repository, &database, &["set", "--dry-run"]);
    dry.ends(
        0,
        &["+ 1 (one)\n+ 2 (two)\n+ 3 (three)\n", "3 rows would change"],
    );
    assert_eq!(text(&database, NO_TABLE).await, "NULL");

    let first = migrate(&repository, &database, &["set", "2"]);
    let first = first.ends(0, &["Set the history at 2", "1 migration behind it"]);
    assert_eq!(first.out, "+ 1 (one)\n+ 2 (two)\n");
    assert_eq!(
        rows(&database).await,
        "1|one|4|0|0|-|-|-\n2|two|4|0|0|-|-|-"
    );
    let again = migrate(&repository, &database, &["set", "2"]);
    let again = again.ends(0, &["Unchanged the history is at 2"]);
    assert_eq!(again.out, "");

    // Without a version it is the newest.
    let rest = migrate(&repository, &database, &["set"]).ends(0, &["at 3"]);
    assert_eq!(rest.out, "+ 3 (three)\n");
    migrate(&repository, &database, &["apply"]).ends(0, &["nothing is pending"]);
    let hash = "SELECT string_agg(hash, ' ' ORDER BY version) FROM atlas_schema_revisions.atlas_schema_revisions";
    let directory = directory(&[ONE, TWO, THREE]);
    let hashes = directory
        .files
        .iter()
        .map(|file| file.hash.clone().unwrap());
    let hashes: Vec<_> = hashes.map(|hash| hash.as_str().to_owned()).collect();
    assert_eq!(text(&database, hash).await, hashes.join(" "));
}

#[tokio::test]
async fn rows_behind_the_version_go_when_somebody_says_so() {
    let database = TestDatabase::new().await;
    let repository = repository(&[ONE, TWO, THREE]);
    migrate(&repository, &database, &["apply"]).ends(0, &[]);
    let before = rows(&database).await;
    migrate(&repository, &database, &["set", "1"]).ends(
        2,
        &["2 rows of the history would be removed: 2, 3", "--yes"],
    );
    assert_eq!(rows(&database).await, before);
    let done = migrate(&repository, &database, &["set", "1", "--yes"]);
    let done = done.ends(
        0,
        &[
            "what the migrations of 2 removed rows did stays",
            "2 migrations behind it",
        ],
    );
    assert_eq!(done.out, "- 2 (two)\n- 3 (three)\n");
    assert_eq!(rows(&database).await, "1|one|2|2|2|-|-|-");
    database.run("DROP TABLE two, three").await;
    migrate(&repository, &database, &["apply"]).ends(0, &["2 migrations"]);
    assert_eq!(rows(&database).await, before);
}

#[tokio::test]
async fn a_half_done_file_counts_as_done_and_its_statements_are_named() {
    let database = TestDatabase::new().await;
    let repository = repository(&[ONE, HALF, THREE]);
    migrate(&repository, &database, &["apply"]).ends(12, &["already exists"]);
    assert!(rows(&database).await.contains("2|half|2|1|3|relation"));
    let done = migrate(&repository, &database, &["set", "2"]);
    let done = done.ends(0, &["not executed by a migration tool"]);
    assert_eq!(
        done.out,
        "~ 2 (half) counts as done\n    statement 2, line 4: CREATE TABLE\n    statement 3, line 6: CREATE TABLE half_b ();\n"
    );
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|half|6|1|3|-|-|-"
    );
    let partial = "SELECT (partial_hashes IS NULL)::text FROM atlas_schema_revisions.atlas_schema_revisions WHERE version = '2'";
    assert_eq!(text(&database, partial).await, "true");
    migrate(&repository, &database, &["set", "2"]).ends(0, &["Unchanged"]);
    migrate(&repository, &database, &["apply"]).ends(0, &["3_three.sql"]);
}

#[tokio::test]
async fn a_failed_attempt_and_an_older_one_count_as_done() {
    let database = TestDatabase::new().await;
    let broken = ("2_two.sql", "CREATE TABLE two (id int);\nSELECT 1 / 0;\n");
    let directory = directory(&[ONE, broken, THREE]);
    run(&database, &directory).await.unwrap_err();
    let report = set_to(&database, &directory, "3").await;
    assert_eq!(report.resolved.len(), 1);
    assert_eq!(report.resolved[0].statements.len(), 2);
    assert_eq!(report.added[0].version, Version::new("3"));
    assert!(rows(&database).await.contains("\n2|two|6|0|2|-|-|-\n"));
    assert_eq!(run(&database, &directory).await.unwrap().files.len(), 0);
}

#[tokio::test]
async fn a_file_that_was_corrected_counts_as_it_stands() {
    let database = TestDatabase::new().await;
    run(&database, &directory(&[ONE, HALF])).await.unwrap_err();
    let corrected = HALF.1.replace("one ()", "half_c ()");
    let directory = directory(&[ONE, (HALF.0, &corrected), THREE]);
    set_to(&database, &directory, "2").await;
    assert_eq!(run(&database, &directory).await.unwrap().files.len(), 1);
}

#[tokio::test]
async fn unknown_versions_are_refused() {
    let database = TestDatabase::new().await;
    let repository = repository(&[ONE]);
    let refused = migrate(&repository, &database, &["set", "7"]);
    assert_ne!(refused.code, 0);
    assert!(refused.err.contains("no version 7"), "{}", refused.err);
    assert_eq!(text(&database, NO_TABLE).await, "NULL");
}

#[tokio::test]
async fn what_others_did_meanwhile_is_not_removed() {
    let database = TestDatabase::new().await;
    let directory = directory(&[ONE, TWO, THREE]);
    run(&database, &directory).await.unwrap();
    let before = rows(&database).await;
    let agreed = SetOptions {
        may_remove: Some(vec![Version::new("3")]),
        ..options(Some("1"))
    };
    let error = set(&database.options(), &directory, &agreed, &mut Silent)
        .await
        .unwrap_err();
    let SetError::Unexpected { versions } = error else {
        panic!("{error}");
    };
    assert_eq!(versions, [Version::new("2")]);
    assert_eq!(rows(&database).await, before);
}

#[tokio::test]
async fn a_deployment_that_runs_is_waited_for() {
    let database = TestDatabase::new().await;
    let slow = (
        "2_two.sql",
        "CREATE TABLE two (id int); SELECT pg_sleep(0.5);",
    );
    let directory = directory(&[ONE, slow]);
    let repository = repository(&[ONE, slow]);
    let mut holder = database.connect().await;
    sqlx::query("SELECT pg_advisory_lock(2686470616)")
        .execute(&mut holder)
        .await
        .unwrap();
    for command in [&["set"][..], &["drift"], &["baseline"]] {
        let arguments = [command, &["--lock-timeout", "0"]].concat();
        migrate(&repository, &database, &arguments).ends(5, &["holds the lock", "process"]);
    }
    drop(holder);
    // Whichever is first, the history is whole.
    let set_options = options(None);
    let options = database.options();
    let mut silent = Silent;
    let (applied, set) = tokio::join!(
        run(&database, &directory),
        set(&options, &directory, &set_options, &mut silent)
    );
    let (applied, set) = (applied.unwrap().files.len(), set.unwrap().added.len());
    assert!(matches!((applied, set), (2, 0) | (0, 2)), "{applied} {set}");
}

#[tokio::test]
async fn a_baseline_stands_for_what_was_before_it() {
    let database = TestDatabase::with("CREATE TABLE one (id int); CREATE TABLE two (id int)").await;
    let repository = repository(&[ONE, TWO, THREE]);
    migrate(&repository, &database, &["baseline", "2"]).ends(0, &["Adopted at 2"]);
    let done = migrate(&repository, &database, &["set"]).ends(0, &[]);
    assert_eq!(done.out, "+ 3 (three)\n");
    assert_eq!(
        rows(&database).await,
        "2|two|1|0|0|-|-|-\n3|three|4|0|0|-|-|-"
    );
}

#[tokio::test]
async fn names_are_taken_as_they_are() {
    let database = TestDatabase::new().await;
    let hostile = "1_o'brien \"x\"; DROP TABLE t --.sql";
    let repository = repository(&[(hostile, "CREATE TABLE one (id int);\n")]);
    let arguments = ["set", "--revisions-schema", "Odd'\"Name"];
    migrate(&repository, &database, &arguments).ends(0, &["+ 1 (o'brien \"x\"; DROP TABLE t --)"]);
    let kept = "SELECT description FROM \"Odd'\"\"Name\".atlas_schema_revisions";
    assert_eq!(
        text(&database, kept).await,
        "o'brien \"x\"; DROP TABLE t --"
    );
    migrate(&repository, &database, &arguments).ends(0, &["Unchanged"]);
}

#[tokio::test]
async fn a_thousand_rows_come_and_go() {
    let database = TestDatabase::new().await;
    let names: Vec<_> = (0..1000).map(|it| format!("{:04}_m.sql", it + 1)).collect();
    let files: Vec<_> = names
        .iter()
        .map(|it| (it.as_str(), "SELECT 1;\n"))
        .collect();
    let directory = directory(&files);
    assert_eq!(
        set_to(&database, &directory, "1000").await.added.len(),
        1000
    );
    let all = states(&database, &directory).await;
    assert!(!all.contains(&State::Pending) && !all.contains(&State::Modified));
    assert_eq!(run(&database, &directory).await.unwrap().files.len(), 0);
    assert_eq!(
        set_to(&database, &directory, "0001").await.removed.len(),
        999
    );
    let again = set_to(&database, &directory, "0001").await;
    assert!(again.added.is_empty() && again.removed.is_empty());
}

#[tokio::test]
async fn an_empty_directory_takes_the_whole_history_back() {
    let database = TestDatabase::new().await;
    run(&database, &directory(&[ONE])).await.unwrap();
    let report = set(
        &database.options(),
        &directory(&[]),
        &options(None),
        &mut Silent,
    )
    .await
    .unwrap();
    assert_eq!((report.version, report.removed.len()), (None, 1));
    assert_eq!(rows(&database).await, "NULL");
}

#[tokio::test]
async fn the_report_is_json_too() {
    let database = TestDatabase::new().await;
    let repository = repository(&[ONE, HALF, THREE]);
    migrate(&repository, &database, &["apply"]).ends(12, &[]);
    let report = migrate(&repository, &database, &["set", "--json"]).ends(0, &[]);
    let report = report.json();
    assert_eq!(report["version"], 1);
    assert_eq!(report["set"]["version"], "3");
    assert_eq!(report["set"]["added"][0]["version"], "3");
    let resolved = &report["set"]["resolved"][0];
    assert_eq!(resolved["executed"], 1);
    assert_eq!(resolved["statements"][0]["line"], 4);
    assert_eq!(report["set"]["dry_run"], false);
}
