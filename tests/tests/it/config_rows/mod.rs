//! Rows of tables of configuration: declared beside the struct, or taken out of a database.

mod copy;
mod generate;
mod property;

use integration_tests::postgres::TestDatabase;
use integration_tests::project::TestProject;
use schema_core::apply::{Silent, replay};
use schema_core::directory::Directory;
use sqlx::{AssertSqlSafe, Row as _};

/// Runs the files of a project that come after the first `done`.
pub(crate) async fn deploy(project: &TestProject, database: &TestDatabase, done: usize) -> usize {
    let directory = Directory::load(&project.root().join("migrations")).unwrap();
    let mut connection = database.connect().await;
    replay(&mut connection, &directory.files[done..], &mut Silent)
        .await
        .unwrap();
    directory.files.len()
}

/// The first column of a query's rows.
pub(crate) async fn texts(database: &TestDatabase, query: &str) -> Vec<String> {
    let rows = sqlx::raw_sql(AssertSqlSafe(query.to_owned()))
        .fetch_all(&mut database.connect().await)
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}
