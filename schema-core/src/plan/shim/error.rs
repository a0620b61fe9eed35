//! Why a shim cannot be made, or something not be done while one lives.

use crate::directory::LiveShim;
use crate::ident::{Ident, QualifiedName};

/// Why a shim cannot be made, or something not be done while one lives.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShimError {
    /// The old name of a table that lives on as a view is wanted for something else.
    #[error(
        "the name {name} is taken: a view keeps it for the previous release until #{} is done",
        shim.issue
    )]
    NameTaken {
        /// The name.
        name: QualifiedName,
        /// The shim.
        shim: Box<LiveShim>,
    },
    /// Something would change under a trigger that the previous release needs.
    #[error(
        "{what} while a trigger keeps {} for the previous release until #{} is done",
        shim.old,
        shim.issue
    )]
    Busy {
        /// What is asked for.
        what: String,
        /// The shim.
        shim: Box<LiveShim>,
    },
    /// Two columns cannot be kept alike where PostgreSQL makes the value.
    #[error("column {column} is {how}: no trigger can keep it and its new name alike")]
    Generated {
        /// The old column, with its table.
        column: String,
        /// `an identity` or `generated`.
        how: &'static str,
    },
    /// A table has one primary key only.
    #[error("column {column} is in the primary key: a table cannot have one for each release")]
    PrimaryKey {
        /// The old column, with its table.
        column: String,
    },
    /// The two columns do not agree on NULL.
    #[error(
        "column {from} {before}, and {to} {after}: what one release writes, the other could not hold"
    )]
    Nullability {
        /// The old column, with its table.
        from: String,
        /// The new column.
        to: Ident,
        /// `allows NULL` or `does not allow NULL`.
        before: &'static str,
        /// The same of the new column.
        after: &'static str,
    },
    /// Values cannot go back and forth.
    #[error("there is no cast from {from_type} to {to_type}: {from} and {to} cannot be kept alike")]
    NoCast {
        /// The column that has the value, with its table.
        from: String,
        /// Its type.
        from_type: String,
        /// The column that is to get it.
        to: Ident,
        /// Its type.
        to_type: String,
    },
    /// Row security would not hold through the view.
    #[error("row security is on for table {table}, and no view of PostgreSQL {major} keeps it")]
    RowSecurity {
        /// The table.
        table: QualifiedName,
        /// The server's major version.
        major: u32,
    },
    /// The name cannot stand in a comment of one line.
    #[error("the name {0:?} has a line break, and cannot stand in a directive")]
    LineBreak(String),
}

impl ShimError {
    /// What to do about it.
    pub fn help(&self) -> String {
        const IN_PLACE: &str = "with `--no-shim` it is renamed in place, for a deployment during which the previous release does not run";
        match self {
            Self::NameTaken { shim, .. } | Self::Busy { shim, .. } => format!(
                "when #{issue} is done, `cargo migrate generate NAME --contract '#{issue}'` takes away what keeps {}",
                shim.old,
                issue = shim.issue
            ),
            Self::Nullability { .. } => format!(
                "rename it first and let the new column be as the old one is; change that when the shim is gone. Or {IN_PLACE}"
            ),
            Self::NoCast { .. } => format!(
                "add a column of that type beside the old one, let the application write both, and drop the old one later. Or {IN_PLACE}"
            ),
            Self::Generated { .. }
            | Self::PrimaryKey { .. }
            | Self::RowSecurity { .. }
            | Self::LineBreak(_) => IN_PLACE.to_owned(),
        }
    }
}
