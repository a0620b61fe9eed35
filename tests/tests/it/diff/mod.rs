//! Tests: `diff` of any two sides.

mod scripts;
mod sides;

use std::process::Command;

use integration_tests::postgres::{TestDatabase, same_major};
use integration_tests::project::cargo_migrate;
use integration_tests::repository::{Ran, TestRepository, isolate};
use sqlx::AssertSqlSafe;

/// `cargo migrate diff` in a folder.
fn diff(folder: &TestRepository, arguments: &[&str]) -> Ran {
    let mut command = Command::new(cargo_migrate());
    isolate(&mut command);
    command
        .current_dir(folder.root())
        .envs(same_major())
        .arg("diff")
        .args(arguments);
    Ran::of(&mut command)
}

/// A database of its own for each text.
async fn databases<const N: usize>(texts: [&str; N]) -> Vec<TestDatabase> {
    let mut databases = Vec::new();
    for text in texts {
        databases.push(TestDatabase::with(text).await);
    }
    databases
}

/// Runs a plan, as psql does with `-1` or without.
async fn run(database: &TestDatabase, sql: &str, in_one: bool) {
    let mut connection = database.connect().await;
    let all = if in_one {
        vec![format!("BEGIN;\n{sql}\nCOMMIT")]
    } else {
        let statements = schema_core::directory::split(sql, None).unwrap();
        statements.iter().map(|it| it.text.to_owned()).collect()
    };
    for sql in all {
        let ran = sqlx::raw_sql(AssertSqlSafe(sql.as_str()));
        if let Err(error) = ran.execute(&mut connection).await {
            panic!("{error}\n{sql}");
        }
    }
}
