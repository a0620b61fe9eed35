//! Tests: how a run on many databases goes on, stops, and goes on again.

use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use integration_tests::project::TestProject;
use serde_json::{Value, json};
use sqlx::Connection as _;

use super::{Tenants, pairs, project, write};
use crate::apply::{ONE, THREE, TWO};
use crate::cli::migrate;

/// Fails where there is a table `bad`.
const PICKY: (&str, &str) = (
    "2_picky.sql",
    "CREATE TABLE two (id int);\nALTER TABLE IF EXISTS bad ADD CONSTRAINT good CHECK (id > 0);\n",
);

async fn spoil(tenants: &Tenants, suffixes: &[&str]) {
    for suffix in suffixes {
        tenants
            .run(
                suffix,
                "CREATE TABLE bad (id int); INSERT INTO bad VALUES (-1)",
            )
            .await;
    }
}

fn report(project: &TestProject) -> Value {
    let text = fs_err::read_to_string(project.root().join("report.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn fifty_databases_are_brought_to_the_same_version() {
    let suffixes: Vec<String> = (0..50).map(|it| format!("t{it:02}")).collect();
    let suffixes: Vec<&str> = suffixes.iter().map(String::as_str).collect();
    let tenants = Tenants::new(&suffixes).await;
    let project = project("fifty", &[ONE, TWO]);
    let file = tenants.file(&project, &suffixes);
    let ran = tenants.apply(&project, &["--targets", file]).ok();
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("50 targets in "), "{}", ran.err);
    assert!(ran.err.contains(": 50 applied\n"), "{}", ran.err);
    for suffix in suffixes {
        assert_eq!(tenants.tables(suffix).await, "one two");
        let sql = "SELECT count(*)::text FROM one";
        assert_eq!(tenants.text(suffix, sql).await, "1");
    }
}

#[tokio::test]
async fn a_canary_that_fails_stops_all_others() {
    let tenants = Tenants::new(&["a", "b", "c"]).await;
    spoil(&tenants, &["a"]).await;
    let project = project("canary", &[ONE, PICKY]);
    let file = tenants.file(&project, &["a", "b", "c"]);
    let arguments = [
        "--targets",
        file,
        "--allow-dirty",
        "--max-failures",
        "100",
        "--json",
    ];
    let ran = tenants.apply(&project, &arguments);
    let expected = [("a", "failed"), ("b", "not_started"), ("c", "not_started")];
    assert_eq!(tenants.states(&ran), pairs(&expected));
    let first = &ran.json()["fleet"]["targets"][0];
    assert_eq!(first["files"], json!(["1_one.sql"]));
    assert_eq!(first["error"]["sqlstate"], "23514");
    let message = first["error"]["message"].as_str().unwrap();
    assert!(message.contains("2_picky.sql:2: "), "{message}");
    assert_eq!(ran.code, 12);
    assert_eq!(tenants.tables("b").await, "");
    assert_eq!(tenants.tables("a").await, "bad one");

    // Two canaries, of which the second fails.
    let file = tenants.file(&project, &["b", "a", "c"]);
    let arguments = [
        "--targets",
        file,
        "--allow-dirty",
        "--canary",
        "2",
        "--json",
    ];
    let ran = tenants.apply(&project, &arguments);
    let expected = [("b", "applied"), ("a", "failed"), ("c", "not_started")];
    assert_eq!(tenants.states(&ran), pairs(&expected));
}

#[tokio::test]
async fn so_many_failures_are_enough() {
    let tenants = Tenants::new(&["a", "b", "c", "d", "e"]).await;
    spoil(&tenants, &["b", "d"]).await;
    let project = project("failures", &[ONE, PICKY]);
    let file = tenants.file(&project, &["a", "b", "c", "d", "e"]);
    let arguments = ["--targets", file, "--allow-dirty", "--concurrency", "1"];
    let ran = tenants.apply(&project, &[&arguments[..], &["--json"]].concat());
    let expected = [
        ("a", "applied"),
        ("b", "failed"),
        ("c", "not_started"),
        ("d", "not_started"),
        ("e", "not_started"),
    ];
    assert_eq!(tenants.states(&ran), pairs(&expected));
    let ran = tenants.apply(
        &project,
        &[&arguments[..], &["--max-failures", "3"]].concat(),
    );
    // The same failure is told once, with all it happened to.
    assert_eq!(ran.err.matches("error").count(), 1, "{}", ran.err);
    let (b, d) = (tenants.name("b"), tenants.name("d"));
    ran.fails(
        12,
        &[
            "2 targets: migrations/2_picky.sql:2: check constraint \"good\"",
            &format!("at {b}, {d}"),
            "5 targets in ",
            ": 2 applied, 1 unchanged, 2 failed\n",
        ],
    );
}

#[tokio::test]
async fn what_failed_is_taken_first_the_next_time() {
    let tenants = Tenants::new(&["a", "b", "c", "d"]).await;
    spoil(&tenants, &["c"]).await;
    let project = project("resume", &[ONE, PICKY]);
    let file = tenants.file(&project, &["a", "b", "c", "d"]);
    let arguments = [
        "--targets",
        file,
        "--allow-dirty",
        "--concurrency",
        "1",
        "--report",
        "report.json",
        "--json",
    ];
    let ran = tenants.apply(&project, &arguments);
    let expected = [
        ("a", "applied"),
        ("b", "applied"),
        ("c", "failed"),
        ("d", "not_started"),
    ];
    assert_eq!(tenants.states(&ran), pairs(&expected));
    assert_eq!(report(&project), ran.json());
    assert!(ran.err.contains("1 target to go"), "{}", ran.err);

    tenants.run("c", "DELETE FROM bad").await;
    let ran = tenants.apply(&project, &arguments).ok();
    let expected = [
        ("c", "applied"),
        ("d", "applied"),
        ("a", "unchanged"),
        ("b", "unchanged"),
    ];
    assert_eq!(tenants.states(&ran), pairs(&expected));
    let files = &ran.json()["fleet"]["targets"][0]["files"];
    assert_eq!(files, &json!(["2_picky.sql"]));
    assert_eq!(
        tenants.text("c", "SELECT count(*)::text FROM one").await,
        "1"
    );

    // What is no report is not written over, and a report that cannot be kept is known at once.
    project.write("report.json", "{\"mine\": true}");
    tenants
        .apply(&project, &arguments)
        .fails(2, &["report.json is no report", "--report"]);
    assert_eq!(report(&project), json!({"mine": true}));
    let mut elsewhere = arguments;
    elsewhere[6] = "no/such/folder/report.json";
    tenants
        .apply(&project, &elsewhere)
        .fails(3, &["no/such/folder"]);
}

#[tokio::test]
async fn each_target_is_told_by_where_it_stands() {
    let tenants = Tenants::new(&["done", "empty", "ahead", "edited", "locked", "half"]).await;
    let project = project("mixed", &[ONE, TWO, THREE]);
    let file = tenants.file(&project, &["done", "ahead", "edited"]);
    tenants.apply(&project, &["--targets", file]).ok();
    let file = tenants.file(&project, &["half"]);
    tenants
        .apply(&project, &["--targets", file, "--amount", "1"])
        .ok();
    let history = "atlas_schema_revisions.atlas_schema_revisions";
    tenants
        .run("ahead", &format!("INSERT INTO {history} SELECT '9', description, type, applied, total, executed_at, execution_time, error, error_stmt, hash, partial_hashes, operator_version FROM {history} WHERE version = '3'"))
        .await;
    tenants
        .run(
            "edited",
            &format!("UPDATE {history} SET hash = 'h1:other' WHERE version = '3'"),
        )
        .await;
    let mut holder = tenants.connect("locked").await;
    sqlx::raw_sql("SELECT pg_advisory_lock(2686470616)")
        .execute(&mut holder)
        .await
        .unwrap();
    let all = ["gone", "done", "empty", "ahead", "edited", "locked", "half"];
    let file = tenants.file(&project, &all);
    let arguments = [
        "--targets",
        file,
        "--max-failures",
        "100",
        "--canary",
        "0",
        "--lock-timeout",
        "0",
    ];
    let ran = tenants.apply(&project, &[&arguments[..], &["--json"]].concat());
    let expected = [
        ("gone", "failed"),
        ("done", "unchanged"),
        ("empty", "applied"),
        ("ahead", "failed"),
        ("edited", "failed"),
        ("locked", "failed"),
        ("half", "applied"),
    ];
    assert_eq!(tenants.states(&ran), pairs(&expected));
    assert_eq!(ran.code, 12);
    let document = ran.json();
    let exit = |index: usize| document["fleet"]["targets"][index]["error"]["exit_code"].clone();
    assert_eq!(
        [exit(0), exit(3), exit(4), exit(5)],
        [5, 13, 11, 5].map(Value::from)
    );
    for suffix in ["done", "empty", "half"] {
        assert_eq!(tenants.tables(suffix).await, "one three two");
    }
    assert_eq!(tenants.tables("locked").await, "");

    // Where only connections failed, the exit code says so.
    let file = tenants.file(&project, &["gone", "locked", "done"]);
    let again = [
        "--targets",
        file,
        "--max-failures",
        "3",
        "--lock-timeout",
        "0",
    ];
    tenants.apply(&project, &again).fails(
        5,
        &[
            "does not exist",
            "another deployment holds the lock",
            "1 unchanged, 2 failed",
        ],
    );
    holder.close().await.unwrap();
    let file = tenants.file(&project, &["locked"]);
    tenants.apply(&project, &["--targets", file]).ok();
}

#[tokio::test]
async fn another_is_the_canary_where_the_first_is_away() {
    let tenants = Tenants::new(&["a", "b"]).await;
    let project = project("away", &[ONE]);
    let file = tenants.file(&project, &["gone", "a", "b"]);
    let arguments = ["--targets", file, "--max-failures", "2", "--json"];
    let ran = tenants.apply(&project, &arguments);
    let expected = [("gone", "failed"), ("a", "applied"), ("b", "applied")];
    assert_eq!(tenants.states(&ran), pairs(&expected));
    assert_eq!(ran.code, 5);
}

#[tokio::test]
async fn a_dry_run_groups_what_would_run() {
    let tenants = Tenants::new(&["a", "b", "c"]).await;
    let project = project("fleet_dry", &[ONE, TWO]);
    let file = tenants.file(&project, &["b"]);
    tenants
        .apply(&project, &["--targets", file, "--amount", "1"])
        .ok();
    let file = tenants.file(&project, &["a", "b", "c"]);
    let ran = tenants
        .apply(&project, &["--targets", file, "--dry-run"])
        .ok();
    let [a, b, c] = ["a", "b", "c"].map(|it| tenants.name(it));
    assert_eq!(
        ran.out,
        format!(
            "2 targets would get 2 migrations: {a}, {c}\n    1_one.sql\n    2_two.sql\n\
             1 target would get 1 migration: {b}\n    2_two.sql\n"
        )
    );
    assert!(ran.err.contains("nothing was written"), "{}", ran.err);
    assert_eq!(tenants.tables("a").await, "");
    let sql = "SELECT count(*)::text FROM pg_namespace WHERE nspname = 'atlas_schema_revisions'";
    assert_eq!(tenants.text("a", sql).await, "0");
}

#[tokio::test]
async fn where_all_stand_is_told_in_groups() {
    let tenants = Tenants::new(&["a", "b", "c", "d"]).await;
    let project = project("fleet_status", &[ONE, TWO]);
    let file = tenants.file(&project, &["a", "b"]);
    tenants.apply(&project, &["--targets", file]).ok();
    let file = tenants.file(&project, &["c"]);
    tenants
        .apply(&project, &["--targets", file, "--amount", "1"])
        .ok();
    let file = tenants.file(&project, &["c", "a", "d", "b"]);
    let url = tenants.main.url();
    let arguments = ["status", "--url", &url, "--targets", file];
    let ran = migrate(&project, &arguments).ok();
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|it| tenants.name(it));
    let expected = format!(
        "2 targets at 2: 2 applied\n    {a}, {b}\n1 target at 1: 1 applied, 1 pending\n    {c}\n\
         1 target with nothing applied: 2 pending\n    {d}\n"
    );
    assert_eq!(ran.out, expected);
    tenants
        .run(
            "a",
            "DELETE FROM atlas_schema_revisions.atlas_schema_revisions WHERE version = '1'",
        )
        .await;
    let file = tenants.file(&project, &["a", "gone", "b"]);
    let arguments = ["status", "--url", &url, "--targets", file, "--json"];
    let ran = migrate(&project, &arguments);
    assert_eq!(ran.code, 5);
    let targets = &ran.json()["targets"];
    assert_eq!(targets[0]["files"], json!({"applied": 1, "baseline": 1}));
    assert_eq!(
        (&targets[2]["current"], &targets[2]["next"]),
        (&json!("2"), &json!(null))
    );
    let error = targets[1]["error"].as_str().unwrap();
    assert!(error.contains("database \"…\" does not exist"), "{error}");
    // What is broken counts for more than what is away.
    let history = "atlas_schema_revisions.atlas_schema_revisions";
    tenants
        .run("b", &format!("UPDATE {history} SET hash = 'h1:other'"))
        .await;
    let ran = migrate(&project, &arguments);
    assert_eq!(ran.code, 11);
    assert_eq!(ran.json()["targets"][2]["files"]["modified"], 1);
}

#[tokio::test]
async fn a_server_without_connections_to_spare_is_waited_for() {
    let mut tenants = Tenants::new(&[]).await;
    let role = tenants.name("few");
    let suffixes = ["a", "b", "c", "d"];
    tenants
        .main
        .run(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'x' CONNECTION LIMIT 3"
        ))
        .await;
    for suffix in suffixes {
        tenants.make(suffix).await;
        let sql = format!(
            "GRANT CREATE ON DATABASE {} TO {role}; GRANT CREATE ON SCHEMA public TO {role}",
            tenants.name(suffix)
        );
        tenants.run(suffix, &sql).await;
    }
    let project = project("crowded", &[ONE, TWO]);
    let options = tenants.main.options().username(&role).password("x");
    let url = sqlx::ConnectOptions::to_url_lossy(&options).to_string();
    let file = tenants.file(&project, &suffixes);
    let mut command =
        project.migrate(&["apply", "--url", &url, "--targets", file, "--canary", "0"]);
    let Output { status, stderr, .. } = command.output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    for suffix in suffixes {
        assert_eq!(tenants.tables(suffix).await, "one two");
        tenants.run(suffix, &format!("DROP OWNED BY {role}")).await;
    }
    tenants.main.run(&format!("DROP ROLE {role}")).await;
}

/// Runs until the lock that it needs is released.
const BLOCKED: (&str, &str) = (
    "2_blocked.sql",
    "CREATE TABLE two (id int);\nSELECT pg_advisory_xact_lock(4711);\n",
);

fn interrupt(child: &Child) {
    let pid = child.id().to_string();
    let status = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(status.success());
}

/// Waits until the condition holds, which is a query that gives a number above zero.
async fn until(tenants: &Tenants, suffix: &str, condition: &str) {
    let start = Instant::now();
    while tenants
        .text(suffix, &format!("SELECT ({condition})::text"))
        .await
        == "0"
    {
        assert!(start.elapsed() < Duration::from_mins(1), "{condition}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn begin_blocked(tenants: &Tenants, project: &TestProject) -> Child {
    let file = tenants.file(project, &["a", "b", "c"]);
    let url = tenants.main.url();
    let child = project
        .migrate(&[
            "apply",
            "--url",
            &url,
            "--targets",
            file,
            "--report",
            "report.json",
        ])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted";
    until(tenants, "a", waits).await;
    child
}

#[tokio::test]
async fn an_interrupt_lets_files_come_to_their_end() {
    let tenants = Tenants::new(&["a", "b", "c"]).await;
    let project = project("interrupted", &[ONE, BLOCKED, THREE]);
    let mut holder = tenants.connect("a").await;
    let take = sqlx::raw_sql("SELECT pg_advisory_lock(4711)");
    take.execute(&mut holder).await.unwrap();
    let child = begin_blocked(&tenants, &project).await;
    interrupt(&child);
    // It has to have heard of it before the file goes on.
    tokio::time::sleep(Duration::from_millis(300)).await;
    holder.close().await.unwrap();
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&stderr);
    assert_eq!(status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("comes to the end of its file"), "{stderr}");
    let report = report(&project);
    let targets = &report["fleet"]["targets"];
    assert_eq!(targets[0]["state"], "stopped", "{report}");
    assert_eq!(targets[0]["files"], json!(["1_one.sql", "2_blocked.sql"]));
    assert_eq!(
        (&targets[0]["to"], &targets[1]["state"]),
        (&json!("2"), &json!("not_started"))
    );
    assert_eq!(tenants.tables("a").await, "one two");
    assert_eq!(tenants.tables("b").await, "");
    // The same command again goes on.
    let file = tenants.file(&project, &["a", "b", "c"]);
    tenants
        .apply(&project, &["--targets", file, "--report", "report.json"])
        .ok();
    for suffix in ["a", "b", "c"] {
        assert_eq!(tenants.tables(suffix).await, "one three two");
    }
}

#[tokio::test]
async fn a_second_interrupt_leaves_everything_as_it_is() {
    let tenants = Tenants::new(&["a", "b", "c"]).await;
    let project = project("interrupted_twice", &[ONE, BLOCKED]);
    let mut holder = tenants.connect("a").await;
    let take = sqlx::raw_sql("SELECT pg_advisory_lock(4711)");
    take.execute(&mut holder).await.unwrap();
    let mut child = begin_blocked(&tenants, &project).await;
    // Two signals at once are one.
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        interrupt(&child);
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(start.elapsed() < Duration::from_mins(1));
    }
    let Output { status, .. } = child.wait_with_output().unwrap();
    assert_eq!(status.code(), Some(130));
    let report = report(&project);
    assert_eq!(
        report["fleet"]["targets"][0]["state"], "stopped",
        "{report}"
    );
    assert_eq!(
        report["fleet"]["counts"],
        json!({"stopped": 1, "not_started": 2})
    );
    holder.close().await.unwrap();
    let gone = "SELECT (count(*) = 0)::int FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    until(&tenants, "a", gone).await;
    // The server may have been given the whole file: then it is there with its row, or nothing is.
    let rows = "SELECT count(*)::text FROM atlas_schema_revisions.atlas_schema_revisions WHERE applied = total";
    let rows = tenants.text("a", rows).await;
    let tables = tenants.tables("a").await;
    assert!(
        [("one", "1"), ("one two", "2")].contains(&(tables.as_str(), rows.as_str())),
        "{tables}, {rows} rows"
    );
    write(&project, &[ONE, BLOCKED]);
    let file = tenants.file(&project, &["a", "b", "c"]);
    tenants.apply(&project, &["--targets", file]).ok();
    assert_eq!(tenants.tables("c").await, "one two");
}

#[tokio::test]
async fn what_the_role_of_the_app_lacks_is_told_once_for_all() {
    let tenants = Tenants::new(&["a", "b"]).await;
    let notes = "CREATE TABLE notes (id serial, body text);\nGRANT INSERT ON notes TO app;\n";
    let project = project("role_of_targets", &[("1_notes.sql", notes)]);
    let file = tenants.file(&project, &["a", "b"]);
    let told = format!(
        "{}, {}: USAGE on sequence public.notes_id_seq is missing",
        tenants.name("a"),
        tenants.name("b")
    );
    let grant = "GRANT USAGE ON SEQUENCE public.notes_id_seq TO app;";
    let apply = || tenants.apply(&project, &["--targets", file, "--app-role", "app"]);
    apply().fails(10, &[&told, grant]);
    for suffix in ["a", "b"] {
        tenants.run(suffix, grant).await;
    }
    apply().ok();
}
