//! A migration file and its version.

use std::fmt;

use super::chain::{Hash, version_and_description};
use super::directive::{Directive, DirectiveError, DirectiveKind, Prefixes, TxMode, parse};
use super::split::{SplitError, SqlStatement, split};

/// What a file is known by: its name up to the first `_`. Versions compare as text, byte by byte.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct Version(String);

impl Version {
    /// A version, as given.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The version in a file name.
    ///
    /// ```
    /// # use schema_core::directory::Version;
    /// assert_eq!(Version::of("20261123120500_add_users.sql").as_str(), "20261123120500");
    /// ```
    pub fn of(file_name: &str) -> Self {
        Self::new(version_and_description(file_name).0)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A migration: one SQL file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationFile {
    /// The version.
    pub version: Version,
    /// What the file name says after the version; may be empty.
    pub description: String,
    /// The file name.
    pub file_name: String,
    /// The text, byte by byte as on disk.
    pub text: String,
    /// The chain hash up to the end of this file; `None` if it asks to be left out of the sum.
    ///
    /// It covers every file before it, so it is a key for the state that replaying up to here gives.
    pub hash: Option<Hash>,
    /// Its directives, in order.
    pub directives: Vec<Directive>,
    /// Comments that mean to be directives and are not good ones.
    pub directive_errors: Vec<DirectiveError>,
}

impl MigrationFile {
    /// A file by its name and text.
    pub(super) fn new(
        file_name: String,
        text: String,
        hash: Option<Hash>,
        prefixes: &Prefixes,
    ) -> Self {
        let (version, description) = version_and_description(&file_name);
        let (directives, directive_errors) = parse(&text, prefixes);
        Self {
            version: Version::new(version),
            description: description.to_owned(),
            hash,
            directives,
            directive_errors,
            file_name,
            text,
        }
    }

    /// Its statements.
    pub fn statements(&self) -> Result<Vec<SqlStatement<'_>>, SplitError> {
        let delimiter = self
            .directives
            .iter()
            .find_map(|directive| match &directive.kind {
                DirectiveKind::Delimiter(delimiter) => Some(delimiter.as_str()),
                _ => None,
            });
        split(&self.text, delimiter)
    }

    /// How its statements share a transaction.
    pub fn tx_mode(&self) -> TxMode {
        self.declared_tx_mode().unwrap_or_default()
    }

    /// How it says that its statements share a transaction, if it does.
    pub fn declared_tx_mode(&self) -> Option<TxMode> {
        self.directives
            .iter()
            .find_map(|directive| match directive.kind {
                DirectiveKind::TxMode(mode) => Some(mode),
                _ => None,
            })
    }

    /// Whether its statements, which are these, are one transaction: unless it asks for none, or
    /// begins and ends transactions itself.
    pub fn is_one_transaction(&self, statements: &[SqlStatement<'_>]) -> bool {
        self.tx_mode() == TxMode::File && !statements.iter().any(SqlStatement::controls_transaction)
    }

    /// Whether it is a snapshot of everything before it.
    pub fn is_checkpoint(&self) -> bool {
        self.directives
            .iter()
            .any(|directive| matches!(directive.kind, DirectiveKind::Checkpoint(_)))
    }

    /// Whether it is not to be executed in this environment.
    pub fn is_skipped_on(&self, environment: &str) -> bool {
        self.skips_on().any(|name| name == environment)
    }

    /// The environments where it is not to be executed.
    pub fn skips_on(&self) -> impl Iterator<Item = &str> {
        let names = self.directives.iter().map(|it| match &it.kind {
            DirectiveKind::SkipOn(environments) => environments.as_slice(),
            _ => &[],
        });
        names.flatten().map(String::as_str)
    }
}
