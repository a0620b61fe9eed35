//! Tests: poolers, in front of a real server.

use std::time::Duration;

use integration_tests::pgbouncer::PgBouncer;
use integration_tests::postgres::TestDatabase;
use schema_core::apply::{
    ApplyError, ApplyOptions, ApplyReport, PoolerSign, Silent, State, apply, status,
};
use schema_core::directory::Directory;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use super::{directory, text};

fn files() -> Directory {
    directory(&[
        (
            "1_notes.sql",
            "CREATE TABLE notes (id bigint PRIMARY KEY);\n",
        ),
        (
            "2_index.sql",
            "-- atlas:txmode none\n\nALTER TABLE notes ADD COLUMN body text;\nCREATE INDEX CONCURRENTLY notes_body_idx ON notes (body);\n",
        ),
    ])
}

async fn through(
    target: &PgConnectOptions,
    directory: &Directory,
) -> Result<ApplyReport, ApplyError> {
    apply(target, directory, &ApplyOptions::default(), &mut Silent).await
}

/// Nothing was done, and no server of the pool has kept the lock.
async fn assert_untouched(database: &TestDatabase) {
    let relations =
        "SELECT string_agg(relname, ',') FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(text(database, relations).await, "NULL");
    let locks = "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' \
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    assert_eq!(text(database, locks).await, "0");
}

#[tokio::test]
async fn a_pool_of_transactions_is_refused_whatever_its_size_and_order() {
    for size in [1, 2, 3, 10] {
        for round_robin in [0, 1] {
            let database = TestDatabase::new().await;
            let settings = [
                "pool_mode = transaction".to_owned(),
                format!("default_pool_size = {size}"),
                format!("server_round_robin = {round_robin}"),
            ];
            let settings = settings.each_ref().map(String::as_str);
            let Some(pool) = PgBouncer::start(&database, &settings).await else {
                return;
            };
            // A pool that nobody has used, and one with as many servers as it may have.
            for used in [false, true] {
                if used {
                    fill(&pool.options(), size).await;
                }
                let error = through(&pool.options(), &files())
                    .await
                    .expect_err("a pooler");
                assert!(
                    matches!(error, ApplyError::Pooler { .. }),
                    "size {size}, round robin {round_robin}, used {used}: {error}"
                );
            }
            assert_untouched(&database).await;
        }
    }
}

/// Has the pool open all the servers that it may have.
async fn fill(target: &PgConnectOptions, size: usize) {
    let mut connections = Vec::new();
    for _ in 0..size {
        let mut connection = target.connect().await.expect("the pool answers");
        let begun = sqlx::raw_sql("BEGIN; SELECT 1").execute(&mut connection);
        begun.await.expect("there is a server for each");
        connections.push(connection);
    }
    for mut connection in connections {
        let ended = sqlx::raw_sql("COMMIT").execute(&mut connection).await;
        ended.expect("the pool answers");
        connection.close().await.expect("the pool answers");
    }
}

#[tokio::test]
async fn a_pool_of_transactions_that_others_use_is_refused() {
    for round_robin in ["server_round_robin = 0", "server_round_robin = 1"] {
        let database = TestDatabase::new().await;
        let settings = [
            "pool_mode = transaction",
            "default_pool_size = 8",
            round_robin,
        ];
        let Some(pool) = PgBouncer::start(&database, &settings).await else {
            return;
        };
        let mut others = Vec::new();
        for _ in 0..6 {
            let options = pool.options();
            others.push(tokio::spawn(async move {
                let mut connection = options.connect().await.expect("the pool answers");
                loop {
                    let done = sqlx::raw_sql("BEGIN; SELECT pg_sleep(0.001)")
                        .execute(&mut connection)
                        .await
                        .and(sqlx::raw_sql("COMMIT").execute(&mut connection).await);
                    done.expect("the pool answers");
                }
            }));
        }
        let error = through(&pool.options(), &files()).await;
        for other in &others {
            other.abort();
        }
        let error = error.expect_err("a pooler");
        assert!(
            matches!(error, ApplyError::Pooler { .. }),
            "{round_robin}: {error}"
        );
        assert_untouched(&database).await;
    }
}

#[tokio::test]
async fn a_pool_of_statements_is_refused() {
    let database = TestDatabase::new().await;
    let Some(pool) = PgBouncer::start(&database, &["pool_mode = statement"]).await else {
        return;
    };
    let error = through(&pool.options(), &files()).await;
    let error = error.expect_err("a pooler");
    let ApplyError::Pooler {
        sign: PoolerSign::Refused(server),
    } = &error
    else {
        panic!("{error}");
    };
    assert!(server.message.contains("statement pooling"), "{server}");
    let help = error.help().expect("there is a way out");
    for part in [
        "pool_mode = session",
        "5432 instead of 6543",
        "-pooler",
        "DATABASE_URL_MIGRATION",
    ] {
        assert!(help.contains(part), "no `{part}` in: {help}");
    }
    assert_untouched(&database).await;
}

#[tokio::test]
async fn a_pool_of_sessions_that_has_one_is_refused() {
    let database = TestDatabase::new().await;
    let settings = [
        "pool_mode = session",
        "default_pool_size = 1",
        "query_wait_timeout = 1",
    ];
    let Some(pool) = PgBouncer::start(&database, &settings).await else {
        return;
    };
    let error = through(&pool.options(), &files()).await;
    let error = error.expect_err("no second session");
    assert!(
        matches!(
            &error,
            ApplyError::Pooler {
                sign: PoolerSign::Refused(_)
            }
        ),
        "{error}"
    );
    assert_untouched(&database).await;
}

#[tokio::test]
async fn a_second_session_that_never_comes_is_not_waited_for() {
    let database = TestDatabase::new().await;
    let settings = ["pool_mode = session", "default_pool_size = 1"];
    let Some(pool) = PgBouncer::start(&database, &settings).await else {
        return;
    };
    let error = through(&pool.options(), &files()).await;
    let error = error.expect_err("no second session");
    assert!(
        matches!(
            &error,
            ApplyError::Pooler {
                sign: PoolerSign::NoServer(_)
            }
        ),
        "{error}"
    );
    assert_untouched(&database).await;
}

#[tokio::test]
async fn a_pool_of_sessions_takes_a_whole_apply() {
    let database = TestDatabase::new().await;
    let settings = ["pool_mode = session", "default_pool_size = 4"];
    let Some(pool) = PgBouncer::start(&database, &settings).await else {
        return;
    };
    let report = through(&pool.options(), &files()).await;
    assert_eq!(report.expect("sessions are enough").files.len(), 2);
    let after = status(&pool.options(), &files(), None).await;
    let states: Vec<State> = after
        .expect("the pool answers")
        .versions
        .iter()
        .map(|version| version.state)
        .collect();
    assert_eq!(states, [State::Applied, State::Applied]);
    // The sessions went back, and without the lock: whoever is next can go on.
    let report = through(&pool.options(), &files()).await;
    assert!(report.expect("nothing to do").files.is_empty());
}

#[tokio::test]
async fn the_lock_holds_through_a_pool_of_sessions() {
    let database = TestDatabase::new().await;
    let settings = ["pool_mode = session", "default_pool_size = 8"];
    let Some(pool) = PgBouncer::start(&database, &settings).await else {
        return;
    };
    let mut holder = database.connect().await;
    sqlx::raw_sql("SELECT pg_advisory_lock(2686470616)")
        .execute(&mut holder)
        .await
        .expect("nobody has it");
    let options = ApplyOptions {
        lock_timeout: Duration::ZERO,
        ..ApplyOptions::default()
    };
    let error = apply(&pool.options(), &files(), &options, &mut Silent).await;
    assert!(matches!(error, Err(ApplyError::Locked { .. })), "{error:?}");
    holder.close().await.expect("the test database answers");
    // Several at once: each file once.
    let (target, files) = (pool.options(), files());
    let (one, other) = tokio::join!(through(&target, &files), through(&target, &files));
    let applied = one.expect("waits").files.len() + other.expect("waits").files.len();
    assert_eq!(applied, 2);
}

#[tokio::test]
async fn roles_and_retries_work_through_a_pool_of_sessions() {
    let database = TestDatabase::new().await;
    let settings = ["pool_mode = session", "default_pool_size = 6"];
    let Some(pool) = PgBouncer::start(&database, &settings).await else {
        return;
    };
    database
        .run(
            "DO $$ BEGIN CREATE ROLE pooled_owner; \
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
        )
        .await;
    database
        .run(
            "GRANT CREATE ON SCHEMA public TO pooled_owner; \
             CREATE TABLE hot (id int); ALTER TABLE hot OWNER TO pooled_owner",
        )
        .await;
    let mut other = database.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE hot")
        .execute(&mut other)
        .await
        .expect("nobody has it");
    let files = directory(&[(
        "1_hot.sql",
        "ALTER TABLE hot ADD COLUMN body text;\nCREATE TABLE mine (id serial);\nGRANT INSERT ON mine TO pooled_owner;\n",
    )]);
    let options = ApplyOptions {
        set_role: Some("pooled_owner".to_owned()),
        app_role: Some("app".to_owned()),
        allow_dirty: true,
        revisions_schema: Some("public".to_owned()),
        statement_lock_timeout: Duration::from_millis(100),
        ..ApplyOptions::default()
    };
    let target = pool.options();
    let mut silent = Silent;
    let (report, ()) = tokio::join!(apply(&target, &files, &options, &mut silent), async {
        // Longer than one attempt waits.
        tokio::time::sleep(Duration::from_millis(600)).await;
        sqlx::raw_sql("ROLLBACK")
            .execute(&mut other)
            .await
            .expect("answers");
    });
    let report = report.expect("tried again");
    assert_eq!(report.files.len(), 1);
    assert_eq!(report.grants, []);
    let owner = "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'mine'";
    assert_eq!(text(&database, owner).await, "pooled_owner");
}
