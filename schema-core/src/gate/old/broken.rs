//! What worked for the previous release and fails now.

use std::ops::Range;

use camino::Utf8PathBuf;

use crate::ident::{Ident, QualifiedName};

/// Something that worked for the previous release and fails now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What broke.
    pub what: Source,
    /// How it was found.
    pub layer: Layer,
    /// The table, as the previous release calls it.
    pub table: Option<QualifiedName>,
    /// The column, as the previous release calls it.
    pub column: Option<Ident>,
    /// PostgreSQL's code, if it is an error.
    pub sqlstate: Option<String>,
    /// What is wrong, mostly as PostgreSQL says it.
    pub message: String,
    /// How it was.
    pub before: String,
    /// How it is.
    pub after: String,
}

/// What broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A query of the previous release that sqlx recorded.
    Query {
        /// Where sqlx recorded it.
        file: Utf8PathBuf,
        /// The query.
        text: String,
        /// The bytes of the text at which it breaks.
        span: Option<Range<usize>>,
    },
    /// A statement such as any release runs on a table.
    Statement {
        /// The table.
        table: QualifiedName,
        /// What it does, such as `upsert on (email)`.
        operation: String,
        /// The statement.
        text: String,
    },
    /// Rows that a release may write or read.
    Probe {
        /// The table.
        table: QualifiedName,
        /// What was tried, such as `insert null into age`.
        kind: String,
    },
}

/// How a break was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The statement cannot be prepared.
    Prepare,
    /// Its parameters or results are of another type, or may be null now.
    Types,
    /// It cannot be planned as the app's role.
    Plan,
    /// It fails on a connection that prepared it before the migration.
    Live,
    /// It fails, or gives another answer, when it runs.
    Run,
}
