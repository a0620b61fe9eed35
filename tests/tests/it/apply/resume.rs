//! Tests: files that fail or are cut off, and what comes then.

use std::time::Duration;

use integration_tests::postgres::TestDatabase;
use integration_tests::proxy::Proxy;
use schema_core::apply::{ApplyError, ApplyOptions, Refusal, Silent, State, apply};

use super::{ONE, THREE, TWO, directory, rows, run, states, text};

#[tokio::test]
async fn a_failed_file_rolls_back_and_stays_on_record() {
    let database = TestDatabase::new().await;
    let bad = "CREATE TABLE two (id int);\n\nINSERT INTO two\nVALUES (1), ('x');\nSELECT 3;\n";
    let broken = directory(&[ONE, ("2_two.sql", bad)]);
    let error = run(&database, &broken).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`2_two.sql`, line 4, statement 2 of 3: invalid input syntax for type integer: \"x\" (SQLSTATE 22P02)"
    );
    assert_eq!(
        text(&database, "SELECT to_regclass('two')::text").await,
        "NULL"
    );
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|two|2|0|3|invalid input syntax for type integer: \"x\"|INSERT INTO two\nVALUES (1), ('x');|-"
    );
    assert_eq!(
        states(&database, &broken).await,
        [State::Applied, State::Pending]
    );
    let corrected = directory(&[ONE, TWO]);
    run(&database, &corrected).await.unwrap();
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|two|2|1|1|-|-|-"
    );
}

#[tokio::test]
async fn the_record_of_an_attempt_goes_with_its_file() {
    let database = TestDatabase::new().await;
    run(&database, &directory(&[ONE, ("2_bad.sql", "SELECT 1/0;")]))
        .await
        .unwrap_err();
    run(&database, &directory(&[ONE, THREE])).await.unwrap();
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n3|three|2|1|1|-|-|-"
    );
}

#[tokio::test]
async fn txmode_none_goes_on_where_it_stopped() {
    let database = TestDatabase::new().await;
    let text_of = |last: &str| {
        format!(
            "-- migrate:txmode none\nCREATE TABLE two (id int);\nCREATE INDEX CONCURRENTLY i ON two (id);\n{last}\n"
        )
    };
    let broken = text_of("INSERT INTO two VALUES ('x');");
    let broken = directory(&[("2_two.sql", &broken)]);
    let error = run(&database, &broken).await.unwrap_err();
    assert!(
        matches!(&error, ApplyError::Statement { applied: 2, failure, .. } if failure.index == 2 && failure.line == 4),
        "{error:?}"
    );
    assert_eq!(
        rows(&database).await,
        "2|two|2|2|3|invalid input syntax for type integer: \"x\"|INSERT INTO two VALUES ('x');|2"
    );
    assert_eq!(states(&database, &broken).await, [State::Partial]);
    // What ran has to stay; what did not may be corrected.
    let changed = text_of("INSERT INTO two VALUES (1);").replace("TABLE two", "TABLE  two");
    let error = run(&database, &directory(&[("2_two.sql", &changed)]))
        .await
        .unwrap_err();
    assert!(
        matches!(
            &error,
            ApplyError::Refused(Refusal::ChangedStatement {
                index: 0,
                line: Some(2),
                ..
            })
        ),
        "{error:?}"
    );
    let corrected = text_of("INSERT INTO two VALUES (1);");
    let corrected = directory(&[("2_two.sql", &corrected)]);
    let report = run(&database, &corrected).await.unwrap();
    assert_eq!(
        (report.files[0].statements, report.files[0].resumed_at),
        (1, 2)
    );
    assert_eq!(rows(&database).await, "2|two|2|3|3|-|-|-");
    // The hash is that of the corrected file, so nothing is taken for modified.
    assert_eq!(states(&database, &corrected).await, [State::Applied]);
    assert_eq!(run(&database, &corrected).await.unwrap().files, []);
}

/// Ends the session that runs `sql`, as soon as it waits in it.
async fn kill(database: &TestDatabase, sql: &str) {
    let mut connection = database.connect().await;
    loop {
        let killed: Option<bool> = sqlx::query_scalar(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE $1 AND state = 'active' AND wait_event_type IN ('Timeout', 'Lock') AND datname = current_database() AND pid <> pg_backend_pid()",
        )
        .bind(format!("%{sql}%"))
        .fetch_optional(&mut connection)
        .await
        .expect("the test database answers");
        if killed == Some(true) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_killed_transaction_leaves_nothing_but_a_record() {
    let database = TestDatabase::new().await;
    let slow = directory(&[
        ONE,
        (
            "2_two.sql",
            "CREATE TABLE two (id int);\nSELECT pg_sleep(60);\n",
        ),
    ]);
    let (result, ()) = tokio::join!(run(&database, &slow), kill(&database, "SELECT pg_sleep"));
    assert!(
        matches!(result, Err(ApplyError::Statement { applied: 0, .. })),
        "{result:?}"
    );
    assert_eq!(
        text(&database, "SELECT to_regclass('two')::text").await,
        "NULL"
    );
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|two|2|0|2|terminating connection due to administrator command|SELECT pg_sleep(60);|-"
    );
    run(&database, &directory(&[ONE, TWO])).await.unwrap();
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|two|2|1|1|-|-|-"
    );
}

#[tokio::test]
async fn a_killed_txmode_none_file_goes_on_with_the_same_statement() {
    let database = TestDatabase::new().await;
    let slow = "-- migrate:txmode none\nCREATE TABLE two (id int);\nSELECT pg_sleep(60) FROM (SELECT) x WHERE (SELECT count(*) FROM two) = 0;\nCREATE TABLE last ();\n";
    let directory = directory(&[("2_two.sql", slow)]);
    // The process dies: nobody is left to record anything.
    let options = database.options();
    let copy = directory.clone();
    let process =
        tokio::spawn(
            async move { apply(&options, &copy, &ApplyOptions::default(), &mut Silent).await },
        );
    while text(&database, "SELECT count(*)::text FROM pg_stat_activity WHERE query LIKE '%SELECT pg_sleep%' AND pid <> pg_backend_pid() AND wait_event = 'PgSleep' AND datname = current_database()").await == "0" {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    process.abort();
    assert!(process.await.unwrap_err().is_cancelled());
    kill(&database, "SELECT pg_sleep").await;
    let row = rows(&database).await;
    assert!(
        row.starts_with(
            "2|two|2|1|3|cargo migrate was cut off while this statement ran|SELECT pg_sleep(60)"
        ),
        "{row}"
    );
    database.run("INSERT INTO two VALUES (1)").await;
    let report = run(&database, &directory).await.unwrap();
    assert_eq!(
        (report.files[0].statements, report.files[0].resumed_at),
        (2, 1)
    );
    assert_eq!(rows(&database).await, "2|two|2|3|3|-|-|-");
}

#[tokio::test]
async fn a_concurrent_build_that_was_cut_off_is_built_again() {
    for before in ["", "CREATE TABLE other ();\n"] {
        let database = TestDatabase::new().await;
        let index = format!(
            "-- migrate:txmode none\n{before}CREATE UNIQUE INDEX CONCURRENTLY \"One\" ON one (id);\n"
        );
        let directory = directory(&[ONE, ("2_index.sql", &index)]);
        run(&database, &self::directory(&[ONE])).await.unwrap();
        // The build waits for a transaction that has written to the table.
        let mut writer = database.connect().await;
        sqlx::raw_sql("BEGIN; INSERT INTO one VALUES (2)")
            .execute(&mut writer)
            .await
            .unwrap();
        let cut_off = async {
            let invalid = "SELECT count(*)::text FROM pg_index WHERE NOT indisvalid";
            while text(&database, invalid).await == "0" {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            kill(&database, "CREATE UNIQUE INDEX").await;
        };
        let (result, ()) = tokio::join!(run(&database, &directory), cut_off);
        assert!(
            matches!(result, Err(ApplyError::Statement { .. })),
            "{result:?}"
        );
        sqlx::raw_sql("COMMIT").execute(&mut writer).await.unwrap();
        let indexes = "SELECT string_agg(concat(indexrelid::regclass, ' ', indisvalid), ',') FROM pg_index WHERE indrelid = 'one'::regclass";
        assert_eq!(text(&database, indexes).await, "\"One\" f");
        let report = run(&database, &directory).await.unwrap();
        assert_eq!(report.files[0].statements, 1);
        assert_eq!(text(&database, indexes).await, "\"One\" t");
        assert_eq!(states(&database, &directory).await, [State::Applied; 2]);
    }
}

#[tokio::test]
async fn a_file_may_hold_transactions_of_its_own() {
    let database = TestDatabase::new().await;
    let own = "BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\nBEGIN;\nCREATE TABLE b (id int);\nSELECT 1/0;\nCOMMIT;\n";
    let error = run(&database, &directory(&[("1_own.sql", own)]))
        .await
        .unwrap_err();
    // The second transaction is rolled back, its progress with it.
    assert!(
        matches!(error, ApplyError::Statement { applied: 3, .. }),
        "{error:?}"
    );
    assert_eq!(
        text(
            &database,
            "SELECT concat(to_regclass('a'), ' ', to_regclass('b'))"
        )
        .await,
        "a "
    );
    let corrected = own.replace("1/0", "1/1");
    let report = run(&database, &directory(&[("1_own.sql", &corrected)]))
        .await
        .unwrap();
    assert_eq!(
        (report.files[0].statements, report.files[0].resumed_at),
        (4, 3)
    );
    let open = directory(&[
        ("1_own.sql", &corrected),
        ("2_open.sql", "BEGIN;\nCREATE TABLE c ();\n"),
    ]);
    let error = run(&database, &open).await.unwrap_err();
    assert_eq!(
        error,
        ApplyError::OpenTransaction {
            file: "2_open.sql".to_owned()
        }
    );
}

#[tokio::test]
async fn a_deferred_constraint_fails_the_file_not_a_statement() {
    let database = TestDatabase::new().await;
    let deferred = "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO c VALUES (1);\n";
    let error = run(&database, &directory(&[("1_fk.sql", deferred)]))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, ApplyError::Commit { file, .. } if file == "1_fk.sql"),
        "{error:?}"
    );
    assert_eq!(
        text(&database, "SELECT to_regclass('p')::text").await,
        "NULL"
    );
}

#[tokio::test]
async fn settings_of_the_done_half_hold_for_the_rest() {
    let database = TestDatabase::with("CREATE SCHEMA app").await;
    let text_of = |last: &str| {
        format!("-- migrate:txmode none\nSET search_path = app;\nCREATE TABLE one ();\n{last}\n")
    };
    let options = ApplyOptions {
        allow_dirty: true,
        ..ApplyOptions::default()
    };
    let broken = directory(&[("1_one.sql", &text_of("CREATE TABLE two (x nope);"))]);
    apply(&database.options(), &broken, &options, &mut Silent)
        .await
        .unwrap_err();
    let corrected = directory(&[("1_one.sql", &text_of("CREATE TABLE two ();"))]);
    apply(&database.options(), &corrected, &options, &mut Silent)
        .await
        .unwrap();
    assert_eq!(
        text(&database, "SELECT to_regclass('app.two')::text").await,
        "app.two"
    );
}

#[tokio::test]
async fn a_commit_whose_answer_got_lost_is_none_that_failed() {
    // A file is one commit; without a transaction, each statement is.
    for (mode, lost) in [("file", 1), ("none", 1), ("none", 2)] {
        let database = TestDatabase::new().await;
        let one = format!(
            "-- migrate:txmode {mode}\nCREATE TABLE one (id int);\nINSERT INTO one VALUES (1);\n"
        );
        let directory = directory(&[("1_one.sql", &one), TWO]);
        let proxy = Proxy::losing_commit(&database.options(), lost);
        let result = apply(
            &proxy.options(),
            &directory,
            &ApplyOptions::default(),
            &mut Silent,
        )
        .await;
        let report = result.unwrap_or_else(|error| panic!("{mode} {lost}: {error:?}"));
        assert_eq!(report.files.len(), 2);
        run(&database, &directory).await.unwrap();
        assert_eq!(text(&database, "SELECT count(*)::text FROM one").await, "1");
        assert_eq!(
            rows(&database).await,
            "1|one|2|2|2|-|-|-\n2|two|2|1|1|-|-|-"
        );
    }
}
