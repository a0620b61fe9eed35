//! Workflows for CI: written by `ci init`, read as YAML, their steps run as scripts.

mod action;
mod github;
mod gitlab;
mod init;
mod runner;

use integration_tests::repository::TestRepository;

/// The schema of the test projects.
const SCHEMA: &str = "\
use schema_core::prelude::*;

#[table(name = \"users\")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub nickname: Option<String>,
}
";

/// What is on `main` in the repository that everybody clones: a crate with tables and its migration.
/// A branch `work` is checked out.
fn origin(name: &str) -> TestRepository {
    integration_tests::package::package(name, SCHEMA)
}

/// One more nullable column.
fn with_email() -> String {
    SCHEMA.replace(
        "    pub nickname",
        "    pub email: Option<String>,\n    pub nickname",
    )
}

/// Without the column that the previous release uses.
fn without_nickname() -> String {
    SCHEMA.replace("    pub nickname: Option<String>,\n", "")
}
