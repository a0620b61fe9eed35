//! Tests: many deployments at once.

use std::time::{Duration, Instant};

use integration_tests::project::cargo_migrate;
use integration_tests::repository::TestRepository;
use integration_tests::server::TestServer;
use schema_core::apply::{ApplyOptions, Silent, apply};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

/// How many deployments begin at the same moment.
const APPLIERS: usize = 16;

/// Rounds with all of them in this process, and with a process each.
const ROUNDS: (usize, usize) = (45, 5);

const PATIENCE: Duration = Duration::from_mins(2);

/// One file of each kind; what runs twice shows.
const FILES: [(&str, &str); 4] = [
    (
        "1_tables.sql",
        "CREATE TABLE ran (file text); INSERT INTO ran VALUES ('1');",
    ),
    ("2_data.sql", "INSERT INTO ran VALUES ('2');"),
    (
        "3_index.sql",
        "-- migrate:txmode none\n\nCREATE INDEX CONCURRENTLY i ON ran (file);\nINSERT INTO ran VALUES ('3');",
    ),
    (
        "4_own.sql",
        "BEGIN;\nINSERT INTO ran VALUES ('4');\nCOMMIT;\n",
    ),
];

/// A fresh database for a round.
async fn database(server: &TestServer, round: usize) -> PgConnectOptions {
    let name = format!("round_{round}");
    server.execute(&[&format!("CREATE DATABASE {name}")]).await;
    server.options().database(&name)
}

async fn check(options: &PgConnectOptions) {
    let mut connection = PgConnection::connect_with(options).await.unwrap();
    let ran: String = sqlx::query_scalar("SELECT string_agg(file, ',' ORDER BY file) FROM ran")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(ran, "1,2,3,4");
    let recorded: String = sqlx::query_scalar(
        "SELECT string_agg(concat(version, ':', applied, '/', total, coalesce(error, '')), ' ' ORDER BY version) \
         FROM atlas_schema_revisions.atlas_schema_revisions",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    assert_eq!(recorded, "1:2/2 2:1/1 3:2/2 4:3/3");
    connection.close().await.unwrap();
}

#[tokio::test]
async fn sixteen_at_once_run_each_file_once() {
    let Some(server) = TestServer::start(&["max_connections=100"]).await else {
        return;
    };
    let directory = super::directory(&FILES);
    let begun = Instant::now();
    for round in 0..ROUNDS.0 {
        let target = database(&server, round).await;
        let appliers = (0..APPLIERS).map(|_| {
            let (target, directory) = (target.clone(), directory.clone());
            tokio::spawn(async move {
                let options = ApplyOptions {
                    lock_timeout: PATIENCE,
                    ..ApplyOptions::default()
                };
                apply(&target, &directory, &options, &mut Silent).await
            })
        });
        let mut ran = Vec::new();
        for applier in appliers.collect::<Vec<_>>() {
            ran.push(applier.await.unwrap().unwrap().files.len());
        }
        ran.sort_unstable();
        let mut expected = [0; APPLIERS];
        expected[APPLIERS - 1] = FILES.len();
        assert_eq!(
            ran, expected,
            "one does all, and the others have nothing to do"
        );
        check(&target).await;
    }
    let folder = TestRepository::folder();
    for (name, text) in FILES {
        folder.migration(name, text);
    }
    folder.hash();
    for round in 0..ROUNDS.1 {
        let target = database(&server, ROUNDS.0 + round).await;
        let url = target.to_url_lossy().to_string();
        let patience = PATIENCE.as_secs().to_string();
        let processes = (0..APPLIERS).map(|_| {
            let mut command = folder.command(cargo_migrate());
            command.args([
                "apply",
                "--quiet",
                "--url",
                &url,
                "--lock-timeout",
                &patience,
            ]);
            command.spawn().unwrap()
        });
        for mut process in processes.collect::<Vec<_>>() {
            assert!(process.wait().unwrap().success());
        }
        check(&target).await;
    }
    let (inside, processes) = ROUNDS;
    println!(
        "{inside} rounds of {APPLIERS} in one process and {processes} of {APPLIERS} processes in {:?}",
        begun.elapsed()
    );
}
