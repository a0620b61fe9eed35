//! Tests: replay.

use camino::Utf8Path;
use integration_tests::corpus;
use integration_tests::postgres::TestDatabase;
use schema_core::apply::{ReplayError, Silent, replay};
use schema_core::directory::{Directory, Prefixes};

fn files(texts: &[&str]) -> Directory {
    let texts = texts
        .iter()
        .zip(1..)
        .map(|(text, number)| (format!("{number}.sql"), (*text).to_owned()));
    Directory::from_texts(
        Utf8Path::new("migrations"),
        texts.collect(),
        None,
        &Prefixes::default(),
    )
}

async fn check(texts: &[&str]) -> Result<(), ReplayError> {
    let database = TestDatabase::new().await;
    replay(
        &mut database.connect().await,
        &files(texts).files,
        &mut Silent,
    )
    .await
}

#[tokio::test]
async fn atlas_directories_replay() {
    for path in corpus::entries("atlas") {
        let directory = Directory::load(&path).unwrap();
        let database = TestDatabase::new().await;
        let replayed = replay(&mut database.connect().await, &directory.files, &mut Silent).await;
        assert_eq!(replayed, Ok(()), "{path}");
    }
}

#[tokio::test]
async fn an_error_names_file_line_statement_and_sql() {
    let error = check(&[
        "CREATE TABLE t (id int);",
        "-- Fine.\nSELECT 1;\n\nALTER TABLE t\n  ADD COLUMN x nope;\n",
    ])
    .await
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`2.sql`, line 5, statement 2 of 2: type \"nope\" does not exist (SQLSTATE 42704)"
    );
    let ReplayError::Statement(failure) = error else {
        panic!("not a statement")
    };
    assert_eq!(failure.sql, "ALTER TABLE t\n  ADD COLUMN x nope;");
    let error = check(&["CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (1);"])
        .await
        .unwrap_err();
    let ReplayError::Statement(failure) = error else {
        panic!("not a statement")
    };
    assert_eq!(
        failure.server.detail.as_deref(),
        Some("Key (id)=(1) already exists.")
    );
}

#[tokio::test]
async fn a_failed_file_leaves_nothing() {
    let database = TestDatabase::new().await;
    let mut connection = database.connect().await;
    let directory = files(&[
        "CREATE TABLE t (id int);",
        "CREATE TABLE u (id int);\nSELECT 1/0;",
    ]);
    replay(&mut connection, &directory.files, &mut Silent)
        .await
        .unwrap_err();
    // The connection is good for more.
    let left: Option<String> = sqlx::query_scalar("SELECT to_regclass('u')::text")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(left, None);
}

#[tokio::test]
async fn the_end_of_a_transaction_can_fail() {
    let deferred = "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO c VALUES (1);";
    assert!(matches!(
        check(&[deferred]).await,
        Err(ReplayError::File { .. })
    ));
}

#[tokio::test]
async fn statements_outside_of_a_transaction_need_txmode_none() {
    let concurrently = "CREATE TABLE t (id int);\nCREATE INDEX CONCURRENTLY i ON t (id);\n";
    let error = check(&[concurrently]).await.unwrap_err();
    assert!(
        matches!(&error, ReplayError::Statement(failure) if failure.index == 1),
        "{error}"
    );
    assert_eq!(
        check(&[&format!("-- atlas:txmode none\n\n{concurrently}")]).await,
        Ok(())
    );
    assert_eq!(
        check(&["BEGIN;\nCREATE TABLE t (id int);\nCOMMIT;\nSELECT 1;"]).await,
        Ok(())
    );
    let open = check(&["BEGIN;\nCREATE TABLE t (id int);"]).await;
    assert_eq!(
        open,
        Err(ReplayError::OpenTransaction {
            file: "1.sql".to_owned()
        })
    );
}

#[tokio::test]
async fn what_a_file_sets_ends_with_it() {
    let dump = "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.one (id int);";
    assert_eq!(check(&[dump, "CREATE TABLE two (id int);"]).await, Ok(()));
    assert_eq!(
        check(&[
            "-- atlas:txmode none\nSET search_path = '';\n",
            "CREATE TABLE two (id int);"
        ])
        .await,
        Ok(())
    );
}

#[tokio::test]
async fn a_comment_may_end_a_file_or_hide_nothing() {
    let custom = "-- atlas:delimiter -- end\n\nCREATE TABLE t (id int) -- last word\n-- end\nCREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END\n-- end\n";
    assert_eq!(check(&[custom, "SELECT 1 -- no line end"]).await, Ok(()));
}

#[tokio::test]
async fn a_checkpoint_stands_for_what_is_before_it() {
    let checkpoint =
        "-- atlas:checkpoint\n\nCREATE TABLE one (id int);\nCREATE TABLE two (id int);";
    let directory = files(&[
        "CREATE TABLE one (id int);",
        "CREATE TABLE two (id int);",
        checkpoint,
        "ALTER TABLE two ADD COLUMN x int;",
    ]);
    let database = TestDatabase::new().await;
    let files = directory.from_checkpoint();
    assert_eq!(files.len(), 2);
    assert_eq!(
        replay(&mut database.connect().await, files, &mut Silent).await,
        Ok(())
    );
}
