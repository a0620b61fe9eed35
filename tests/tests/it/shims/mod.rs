//! What `generate` keeps for the previous release, with both releases at work around each file.

mod backfill;
mod column;
mod names;
mod refused;
mod required;
mod table;

use integration_tests::postgres::TestDatabase;
use integration_tests::project::TestProject;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use crate::cli::{Ran, migrate, migrations};

/// A project with a database, to which its migrations are applied one by one.
struct Deployment {
    project: TestProject,
    database: TestDatabase,
}

impl Deployment {
    /// The structs, migrated.
    async fn of(name: &str, source: &str) -> Self {
        let source = format!("//! A shop.\nuse schema_core::prelude::*;\n\n{source}");
        let project = TestProject::package(name, "", &[("src/lib.rs", &source)]);
        let database = TestDatabase::new().await;
        let deployment = Self { project, database };
        deployment.migrate(&["generate", "create"]).ok();
        deployment.apply().ok();
        deployment
    }

    /// Other structs, with the migration for them.
    fn change(&self, source: &str, arguments: &[&str]) -> Ran {
        let source = format!("//! A shop.\nuse schema_core::prelude::*;\n\n{source}");
        self.project.write("src/lib.rs", &source);
        self.migrate(&[&["generate", "change"], arguments].concat())
    }

    fn migrate(&self, arguments: &[&str]) -> Ran {
        migrate(&self.project, arguments)
    }

    fn apply(&self) -> Ran {
        self.migrate(&["apply", "--url", &self.database.url()])
    }

    /// Applies the next file; its name, and nothing where none is left.
    fn next(&self) -> Option<String> {
        let url = self.database.url();
        let before = self.pending();
        self.migrate(&["apply", "--url", &url, "--amount", "1"])
            .ok();
        before.into_iter().next()
    }

    fn pending(&self) -> Vec<String> {
        let status = self.migrate(&["status", "--url", &self.database.url(), "--json"]);
        let status = status.ok().json();
        let versions = status["status"]["versions"].as_array();
        let pending = versions.into_iter().flatten();
        let pending = pending.filter(|version| version["state"] == "pending");
        pending
            .map(|version| version["version"].to_string())
            .collect()
    }

    /// What is written says what the structs say, and nothing is left to write.
    fn is_clean(&self) {
        let files = migrations(&self.project).len();
        self.migrate(&["check"]).ok();
        self.migrate(&["generate", "nothing"]).ok();
        assert_eq!(migrations(&self.project).len(), files);
    }

    /// The text of all files that `generate` wrote last.
    fn written(&self, after: usize) -> String {
        let files = migrations(&self.project).split_off(after);
        files.into_iter().map(|(_, text)| text).collect()
    }

    async fn connect(&self) -> PgConnection {
        self.database.connect().await
    }
}

/// Runs a prepared statement; its rows as texts, columns separated by `|`.
async fn rows(connection: &mut PgConnection, sql: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await?;
    let text = |row: &sqlx::postgres::PgRow, column| {
        let value: Option<String> = row.try_get(column)?;
        Ok(value.unwrap_or_else(|| "NULL".to_owned()))
    };
    let joined = rows.iter().map(|row| {
        let columns = (0..row.len()).map(|column| text(row, column));
        Ok(columns.collect::<Result<Vec<_>, sqlx::Error>>()?.join("|"))
    });
    joined.collect()
}

/// As [`rows`], of a statement that works.
#[track_caller]
fn works(result: Result<Vec<String>, sqlx::Error>) -> Vec<String> {
    match result {
        Ok(rows) => rows,
        Err(error) => panic!("{error}"),
    }
}

/// SQLSTATE of a statement that does not work.
#[track_caller]
fn sqlstate(result: Result<Vec<String>, sqlx::Error>) -> String {
    let error = result.expect_err("it is refused");
    let error = error.as_database_error().expect("the server refuses it");
    error.code().expect("has a code").into_owned()
}
