//! Public schemas and migration directories, as Rust source.

use camino::Utf8Path;
use integration_tests::corpus;
use integration_tests::postgres::TestDatabase;
use schema_core::apply::{Silent, replay};
use schema_core::directory::Directory;
use sqlx::AssertSqlSafe;

use super::{ALL, project};
use crate::cli::migrate;

fn comes_back(prefix: &str, path: &Utf8Path, database: &TestDatabase) {
    let name = path.file_stem().unwrap().to_lowercase();
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let project = project(&format!("introspect-{prefix}-{name}"), ALL);
    migrate(&project, &["introspect", &database.url(), "--check"]).ok();
    super::builds_without_a_warning(&project);
    super::is_formatted(&project);
    drop(fs_err::remove_dir_all(project.root()));
}

#[tokio::test]
async fn schemas_come_back() {
    for file in corpus::entries("schemas") {
        let database = TestDatabase::new().await;
        let mut connection = database.connect().await;
        let sql = fs_err::read_to_string(&file).unwrap();
        let ran = sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await;
        match ran {
            Ok(_) => comes_back("schema", &file, &database),
            Err(error) => println!("skipped: {file}: {error}"),
        }
    }
}

#[tokio::test]
async fn atlas_directories_come_back() {
    for folder in corpus::entries("atlas") {
        let database = TestDatabase::new().await;
        let mut connection = database.connect().await;
        let directory = Directory::load(&folder).unwrap();
        let replayed = replay(&mut connection, &directory.files, &mut Silent).await;
        replayed.unwrap();
        comes_back("atlas", &folder, &database);
    }
}

#[tokio::test]
async fn histories_come_back() {
    for folder in corpus::entries("histories") {
        let database = TestDatabase::new().await;
        let mut connection = database.connect().await;
        let mut failed = None;
        for file in corpus::sql_files(&folder) {
            let sql = fs_err::read_to_string(&file).unwrap();
            let run = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection);
            if let Err(error) = run.await {
                failed = Some(format!("{file}: {error}"));
                break;
            }
        }
        match failed {
            None => comes_back("history", &folder, &database),
            Some(error) => println!("skipped: {error}"),
        }
    }
}
