//! Public schemas and migration directories, read and made again.

use camino::Utf8Path;
use integration_tests::corpus;
use integration_tests::postgres::TestDatabase;
use schema_core::apply::{Silent, replay};
use schema_core::catalog::Catalog;
use schema_core::diff::diff;
use schema_core::directory::Directory;
use schema_core::plan::{PlanHints, plan, render};
use sqlx::AssertSqlSafe;

/// Runs the files in order; `Err` says which one this server does not take.
async fn replayed(folder: &Utf8Path) -> Result<TestDatabase, String> {
    let database = TestDatabase::new().await;
    let mut connection = database.connect().await;
    for file in corpus::sql_files(folder) {
        let sql = fs_err::read_to_string(&file).unwrap();
        let run = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection);
        run.await.map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(database)
}

/// Reads the database twice, makes a new one from what was read, and compares the two.
///
/// What a catalog does not model is missing there; a function that something needs makes that fail.
async fn assert_made_again(what: &Utf8Path, database: &TestDatabase) -> Catalog {
    let read = database.catalog().await;
    assert_eq!(read, database.catalog().await, "{what}");
    let unmodelled = read.unmodelled.clone();
    let wanted = Catalog {
        unmodelled: [].into(),
        ..read
    };
    let again = TestDatabase::new().await;
    let mut connection = again.connect().await;
    let empty = again.catalog().await;
    let plan = plan(&diff(&empty, &wanted), &PlanHints::default()).unwrap();
    for stage in &plan.stages {
        let sql = render(stage);
        let run = sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut connection);
        if let Err(error) = run.await {
            assert!(!unmodelled.is_empty(), "{what}: {error}\n{sql}");
            println!("{what}: not made again, it needs more than what is modelled: {error}");
            return wanted;
        }
    }
    assert_eq!(
        again.catalog().await.differences(&wanted),
        [""; 0],
        "{what}"
    );
    wanted
}

#[tokio::test]
async fn atlas_directories_are_made_again() {
    for folder in corpus::entries("atlas") {
        let database = TestDatabase::new().await;
        let mut connection = database.connect().await;
        let directory = Directory::load(&folder).unwrap();
        let replayed = replay(&mut connection, &directory.files, &mut Silent).await;
        replayed.unwrap();
        let catalog = assert_made_again(&folder, &database).await;
        assert!(catalog.tables.len() > 5, "{folder}");
    }
}

#[tokio::test]
async fn histories_are_made_again() {
    for folder in corpus::entries("histories") {
        match replayed(&folder).await {
            Ok(database) => drop(assert_made_again(&folder, &database).await),
            Err(error) => println!("skipped: {error}"),
        }
    }
}

#[tokio::test]
async fn schemas_are_made_again() {
    for file in corpus::entries("schemas") {
        let database = TestDatabase::new().await;
        let mut connection = database.connect().await;
        let sql = fs_err::read_to_string(&file).unwrap();
        match sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
        {
            Ok(_) => drop(assert_made_again(&file, &database).await),
            Err(error) => println!("skipped: {file}: {error}"),
        }
    }
}
