//! Tests: what statements run with, in which transactions, and which of them failed.

use std::time::Duration;

use integration_tests::postgres::TestDatabase;
use schema_core::apply::{
    ApplyError, ApplyOptions, Event, Observer, Refusal, Silent, Transactions, apply,
};
use schema_core::directory::Directory;

use super::{ONE, TWO, directory, rows, run, text};

const SETTINGS: &str = "INSERT INTO seen (what) SELECT string_agg(current_setting(name), ' ' ORDER BY place) FROM unnest(ARRAY['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'role', 'application_' || 'name']) WITH ORDINALITY AS names (name, place);";

async fn with(
    database: &TestDatabase,
    directory: &Directory,
    options: ApplyOptions,
) -> Result<usize, ApplyError> {
    let options = ApplyOptions {
        allow_dirty: true,
        ..options
    };
    let report = apply(&database.options(), directory, &options, &mut Silent).await;
    report.map(|report| report.files.len())
}

async fn seen(database: &TestDatabase) -> String {
    text(
        database,
        "SELECT string_agg(what, E'\\n' ORDER BY id) FROM seen",
    )
    .await
}

const SEEN: &str = "CREATE TABLE seen (id int GENERATED ALWAYS AS IDENTITY, what text)";

#[tokio::test]
async fn every_file_starts_with_our_settings_and_may_have_its_own() {
    for transactions in [Transactions::File, Transactions::All, Transactions::None] {
        let database = TestDatabase::with(SEEN).await;
        let one = format!(
            "SET statement_timeout = '7s';\nSET lock_timeout = '3s';\nSET application_name = 'mine';\n{SETTINGS}"
        );
        let directory = directory(&[("1_one.sql", &one), ("2_two.sql", SETTINGS)]);
        let options = ApplyOptions {
            transactions,
            statement_timeout: Duration::from_secs(90),
            ..ApplyOptions::default()
        };
        with(&database, &directory, options).await.unwrap();
        assert_eq!(
            seen(&database).await,
            "3s 7s 1min none mine\n2s 90s 1min none cargo-migrate 2_two.sql 1/1"
        );
    }
}

#[tokio::test]
async fn a_role_to_be_is_that_of_files_and_history() {
    let database = TestDatabase::with("CREATE TABLE seen (id int GENERATED ALWAYS AS IDENTITY, what text); GRANT ALL ON seen TO app; DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO app', current_database()); END $$; GRANT CREATE ON SCHEMA public TO app").await;
    let one = format!("RESET ROLE;\n{SETTINGS}");
    let two = format!("CREATE TABLE two ();\n{SETTINGS}");
    let directory = directory(&[("1_one.sql", &one), ("2_two.sql", &two)]);
    let options = ApplyOptions {
        set_role: Some("app".to_owned()),
        ..ApplyOptions::default()
    };
    with(&database, &directory, options).await.unwrap();
    assert_eq!(
        seen(&database).await,
        "2s 0 1min none cargo-migrate 1_one.sql 2/2\n2s 0 1min app cargo-migrate 2_two.sql 2/2"
    );
    let owners = "SELECT string_agg(DISTINCT tableowner, ',') FROM pg_tables WHERE tablename IN ('two', 'atlas_schema_revisions')";
    assert_eq!(text(&database, owners).await, "app");
    let options = ApplyOptions {
        set_role: Some("no such \"role\"".to_owned()),
        ..ApplyOptions::default()
    };
    let error = with(&database, &directory, options).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot set up the session: role \"no such \"role\"\" does not exist (SQLSTATE 22023)"
    );
}

#[tokio::test]
async fn names_of_files_are_harmless_in_names_of_sessions() {
    let database = TestDatabase::with(SEEN).await;
    let names = [
        "1_it's \"ü\" \\ %s; --.sql",
        "2_\\'; DROP TABLE seen; --.sql",
        "3_a_name_that_is_much_longer_than_a_name_may_be_in_postgresql_so_it_is_cut.sql",
    ];
    let files = names.map(|name| (name, SETTINGS));
    with(&database, &directory(&files), ApplyOptions::default())
        .await
        .unwrap();
    assert_eq!(
        seen(&database).await.replace("2s 0 1min none ", ""),
        "cargo-migrate 1_it's \"?\" \\ %s; --.sql 1/1\n\
         cargo-migrate 2_\\'; DROP TABLE seen; --.sql 1/1\n\
         cargo-migrate 3_a_name_that_is_much_longer_than_a_name_ma.. 1/1"
    );
    let recorded = "SELECT string_agg(concat_ws('_', version, description) || '.sql', E'\\n' ORDER BY version) FROM atlas_schema_revisions.atlas_schema_revisions";
    assert_eq!(text(&database, recorded).await, names.join("\n"));
}

#[tokio::test]
async fn the_statement_that_failed_is_found_at_once() {
    let long = format!("SELECT '{}ü'", "ö".repeat(100));
    for (text, index, line, position) in [
        // PostgreSQL points at it: when it parses, when it analyses.
        ("SELECT 1;\nSELECT 2;\nSELEC 3;\nSELECT 4;", 2, 3, Some(1)),
        (
            "CREATE TABLE x (a int);\nSELECT a,\n  b FROM x;",
            1,
            3,
            Some(13),
        ),
        // Without a place it is the first that was not done.
        ("SELECT 1;\nSELECT 1/0;\nSELECT 2;", 1, 2, None),
        ("DO $$ BEGIN\n  RAISE 'no'; END $$;\nSELECT 1;", 0, 1, None),
        // What a file calls a statement may be several.
        (
            "-- migrate:delimiter ---\n\nSELECT 1; SELECT 2;\n---\nSELECT 3; SELECT 1/0\n---\nSELECT 4",
            1,
            5,
            None,
        ),
        ("SELECT 'x' --;\n;\nSELECT 1/0 -- why;\n;", 1, 3, None),
    ] {
        let database = TestDatabase::new().await;
        let directory = directory(&[("1_one.sql", text)]);
        let error = run(&database, &directory).await.unwrap_err();
        let ApplyError::Statement {
            failure,
            applied: 0,
            ..
        } = &error
        else {
            panic!("{error:?}")
        };
        assert_eq!(
            (failure.index, failure.line, failure.server.position),
            (index, line, position),
            "{text}: {error}"
        );
    }
    // Places are counted in characters.
    let database = TestDatabase::new().await;
    let directory = directory(&[("1_ü.sql", &format!("{long};\nSELECT nope;"))]);
    let error = run(&database, &directory).await.unwrap_err();
    assert!(
        matches!(&error, ApplyError::Statement { failure, .. } if failure.index == 1 && failure.server.position == Some(8)),
        "{error:?}"
    );
}

#[tokio::test]
async fn all_files_can_be_one_transaction() {
    let database = TestDatabase::new().await;
    let all = || ApplyOptions {
        transactions: Transactions::All,
        ..ApplyOptions::default()
    };
    let bad = directory(&[
        ONE,
        ("2_two.sql", "CREATE TABLE two (id int);\nSELECT 1/0;\n"),
    ]);
    let error = with(&database, &bad, all()).await.unwrap_err();
    assert!(
        matches!(&error, ApplyError::Statement { failure, applied: 0, .. } if failure.file == "2_two.sql" && failure.index == 1),
        "{error:?}"
    );
    assert_eq!(
        rows(&database).await,
        "2|two|2|0|2|division by zero|SELECT 1/0;|-"
    );
    let tables = "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(text(&database, tables).await, "0");
    // Deferred to the end of all of them.
    let deferred = "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO c VALUES (1);\n";
    let good = directory(&[
        ONE,
        ("2_two.sql", deferred),
        ("3_three.sql", "INSERT INTO p VALUES (1);"),
    ]);
    assert_eq!(with(&database, &good, all()).await, Ok(3));
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|two|2|3|3|-|-|-\n3|three|2|1|1|-|-|-"
    );
    assert_eq!(with(&database, &good, all()).await, Ok(0));
}

#[tokio::test]
async fn what_cannot_be_with_others_is_refused_before_anything_runs() {
    for (text_of_two, own, why) in [
        (
            "-- migrate:txmode none\nSELECT 1;",
            false,
            "it says `txmode none`",
        ),
        (
            "BEGIN;\nSELECT 1;\nCOMMIT;",
            true,
            "it begins and ends transactions itself",
        ),
    ] {
        let database = TestDatabase::new().await;
        let directory = directory(&[ONE, ("2_two.sql", text_of_two)]);
        let options = ApplyOptions {
            transactions: Transactions::All,
            ..ApplyOptions::default()
        };
        let error = with(&database, &directory, options).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("`2_two.sql` cannot be in one transaction with all others: {why}")
        );
        let file = "2_two.sql".to_owned();
        assert_eq!(error, ApplyError::Refused(Refusal::NotInOne { file, own }));
        let schemas =
            "SELECT count(*)::text FROM pg_namespace WHERE nspname = 'atlas_schema_revisions'";
        assert_eq!(text(&database, schemas).await, "0");
    }
}

#[tokio::test]
async fn each_statement_can_be_a_transaction() {
    let database = TestDatabase::new().await;
    let none = || ApplyOptions {
        transactions: Transactions::None,
        ..ApplyOptions::default()
    };
    let bad = "CREATE TABLE two (id int);\nINSERT INTO two VALUES (1);\nSELECT 1/0;\nINSERT INTO two VALUES (2);\n";
    let error = with(&database, &directory(&[ONE, ("2_two.sql", bad)]), none())
        .await
        .unwrap_err();
    assert!(
        matches!(&error, ApplyError::Statement { applied: 2, .. }),
        "{error:?}"
    );
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|two|2|2|4|division by zero|SELECT 1/0;|2"
    );
    // What is left of it can be one transaction, and begins where the other stopped.
    let two = bad.replace("1/0", "1/1");
    let three = "-- migrate:txmode file\nCREATE TABLE three ();\nSELECT 1/0;\n";
    let directory = directory(&[ONE, ("2_two.sql", &two), ("3_three.sql", three)]);
    assert_eq!(
        with(
            &database,
            &directory,
            ApplyOptions {
                limit: schema_core::apply::Limit::Count(1),
                ..ApplyOptions::default()
            }
        )
        .await,
        Ok(1)
    );
    assert_eq!(
        text(&database, "SELECT string_agg(id::text, ',') FROM two").await,
        "1,2"
    );
    // The file's own word wins.
    let error = with(&database, &directory, none()).await.unwrap_err();
    assert!(
        matches!(&error, ApplyError::Statement { applied: 0, .. }),
        "{error:?}"
    );
    assert_eq!(
        text(&database, "SELECT to_regclass('three')::text").await,
        "NULL"
    );
}

#[tokio::test]
async fn without_the_lock_nothing_more_runs() {
    let database = TestDatabase::new().await;
    // The file ends the session that has the lock, and takes longer than a look at the lock counts.
    let one = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 2686470616::bigint::oid AND database = (SELECT oid FROM pg_database WHERE datname = current_database());\nSELECT pg_sleep(0.2);\n";
    let directory = directory(&[("1_one.sql", one), TWO]);
    let error = run(&database, &directory).await.unwrap_err();
    let file = "2_two.sql".to_owned();
    assert_eq!(error, ApplyError::LockLost { file });
    assert_eq!(run(&database, &directory).await.unwrap().files.len(), 1);
}

#[tokio::test]
async fn a_statement_timeout_is_final() {
    let database = TestDatabase::new().await;
    let options = ApplyOptions {
        statement_timeout: Duration::from_millis(50),
        ..ApplyOptions::default()
    };
    let directory = directory(&[("1_one.sql", "SELECT 1;\nSELECT pg_sleep(60);")]);
    let error = with(&database, &directory, options).await.unwrap_err();
    assert!(
        matches!(&error, ApplyError::Statement { failure, .. } if failure.index == 1 && failure.server.sqlstate.as_deref() == Some("57014")),
        "{error:?}"
    );
}

/// The statements that were told of, one number each.
#[derive(Default)]
struct Told(Vec<usize>);

impl Observer for Told {
    fn event(&mut self, event: Event<'_>) {
        if let Event::Statement { index, .. } = event {
            self.0.push(index);
        }
    }
}

#[tokio::test]
async fn a_long_statement_is_told_while_it_runs() {
    let database = TestDatabase::new().await;
    let one = "SELECT 1;\nSELECT 2;\nSELECT pg_sleep(0.5);\nSELECT 3;\n";
    let mut told = Told::default();
    let directory = directory(&[("1_one.sql", one)]);
    apply(
        &database.options(),
        &directory,
        &ApplyOptions::default(),
        &mut told,
    )
    .await
    .unwrap();
    assert!(told.0.starts_with(&[0, 2]), "{:?}", told.0);
}
