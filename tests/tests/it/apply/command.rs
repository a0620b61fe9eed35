//! Tests: `cargo migrate apply`, as it is typed and as it talks.

use integration_tests::postgres::TestDatabase;
use integration_tests::project::TestProject;
use sqlx::{AssertSqlSafe, PgConnection};

use super::text;
use crate::cli::migrate;

async fn execute(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{error}\n{sql}"));
}

#[tokio::test]
async fn what_stands_in_the_way_is_told() {
    let database = TestDatabase::with("CREATE TABLE one (id int)").await;
    let url = database.url();
    let project = TestProject::new("apply-command");
    project.write("migrate.toml", "");
    project.write(
        "two.sql",
        "CREATE TABLE two ();\nALTER TABLE one ADD COLUMN more int;\n",
    );
    migrate(&project, &["new", "two", "--from", "two.sql"]).ok();
    let apply = |more: &[&str]| {
        let arguments = [&["apply", "--url", &url, "--allow-dirty"], more].concat();
        migrate(&project, &arguments)
    };

    // Another deployment.
    let mut other = database.connect().await;
    execute(&mut other, "SET application_name = 'Atlas CLI'").await;
    execute(&mut other, "SELECT pg_advisory_lock(2686470616)").await;
    let holder = [
        "another deployment holds the lock: process ",
        "(`Atlas CLI`, role ",
    ];
    apply(&["--lock-timeout", "0"]).fails(5, &holder);
    let waiting = ["Waiting for another deployment: process "];
    apply(&["--lock-timeout", "1"]).fails(5, &waiting);
    execute(&mut other, "SELECT pg_advisory_unlock(2686470616)").await;

    // The app.
    execute(&mut other, "BEGIN; SELECT FROM one").await;
    let impatient = ["--statement-lock-timeout", "0.2", "--retry-for", "0.5"];
    let retries = [
        "Retry ",
        ": canceling statement due to lock timeout; it waited for process ",
        "idle in a transaction for ",
        "; tried ",
        "help: try when nobody is in the way, or for longer with `--retry-for`; ",
        "_two.sql:2: canceling statement due to lock timeout",
    ];
    apply(&impatient).fails(12, &retries);
    execute(&mut other, "COMMIT").await;

    // What cannot be, before anything runs.
    let role = ["role \"nobody such\" does not exist"];
    apply(&["--set-role", "nobody such"]).fails(12, &role);
    project.write("three.sql", "-- migrate:txmode none\nSELECT 1;\n");
    migrate(&project, &["new", "three", "--from", "three.sql"]).ok();
    let all = ["_three.sql` cannot be in one transaction with all others: it says `txmode none`"];
    apply(&["--tx-mode", "all"]).fails(2, &all);
    assert_eq!(
        text(&database, "SELECT to_regclass('two')::text").await,
        "NULL"
    );
    let talk = apply(&["--tx-mode", "none", "--statement-timeout", "30"]).ok();
    assert!(
        talk.err.contains("2 migrations with 3 statements"),
        "{}",
        talk.err
    );
}
