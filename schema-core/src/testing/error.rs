//! Why there is no database for a test.

use std::{error, fmt, io};

use super::SeedError;
use crate::dev_db::{DevDbError, MissingExtension, MissingRole};
use crate::migrate::MigrateError;

/// Why there is no database for a test.
///
/// A failed test prints `Debug`, so that says what `Display` says: the reason, what is behind it,
/// and what to do about it.
#[non_exhaustive]
pub enum TestError {
    /// A variable that cannot be read.
    Variable {
        /// Its name.
        name: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// No server, or it makes no database.
    Server(DevDbError),
    /// The migrations fail.
    Migrate(MigrateError),
    /// They name a role that the server does not have.
    Role(MissingRole),
    /// They want an extension that the server does not have.
    Extension(MissingExtension),
    /// The seed fails.
    Seed {
        /// Its key.
        key: String,
        /// What it failed with.
        source: SeedError,
    },
    /// The server refused what every server does.
    Connection(sqlx::Error),
    /// A file cannot be read or locked.
    Cache(io::Error),
}

impl fmt::Display for TestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable { name, expected } => {
                write!(
                    formatter,
                    "the environment variable {name} is not {expected}"
                )
            }
            Self::Server(error) => {
                write!(formatter, "no database for this test: {error}")?;
                let mut source = error::Error::source(error);
                while let Some(cause) = source {
                    write!(formatter, ": {cause}")?;
                    source = cause.source();
                }
                for remedy in error.remedies() {
                    // The command line has a flag for it; a test has the variable.
                    let remedy = remedy.replace("--dev-url", "TEST_DATABASE_URL");
                    write!(formatter, "\nhelp: {remedy}")?;
                }
                Ok(())
            }
            Self::Migrate(error) => write!(formatter, "the migrations fail: {error}"),
            Self::Role(missing) => write!(
                formatter,
                "{missing}\nhelp: create it on the server of TEST_DATABASE_URL: `CREATE ROLE {}`",
                missing.name
            ),
            Self::Extension(missing) => {
                let remedy = missing.remedy().replace("--dev-url", "TEST_DATABASE_URL");
                write!(formatter, "{missing}\nhelp: {remedy}")
            }
            Self::Seed { key, source } => write!(formatter, "the seed `{key}` fails: {source}"),
            Self::Connection(error) => write!(formatter, "the server for tests: {error}"),
            Self::Cache(error) => write!(formatter, "the cache of databases for tests: {error}"),
        }
    }
}

impl fmt::Debug for TestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// No source: its text is in ours.
impl error::Error for TestError {}
