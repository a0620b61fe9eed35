//! Locks and risks of statements.

use std::fmt;

use crate::ident::{Ident, QualifiedName};

/// PostgreSQL's table locks, from none to the strongest.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum LockLevel {
    /// No table that is in use is locked.
    #[default]
    None,
    /// Reading.
    AccessShare,
    /// `SELECT … FOR UPDATE`.
    RowShare,
    /// Writing.
    RowExclusive,
    /// Against other schema changes and vacuum.
    ShareUpdateExclusive,
    /// Against writing.
    Share,
    /// Against writing, and against itself.
    ShareRowExclusive,
    /// Against everything but reading.
    Exclusive,
    /// Against everything.
    AccessExclusive,
}

impl fmt::Display for LockLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        })
    }
}

/// What may go wrong with a statement on a database with data and users.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Hazard {
    /// A table goes, with its rows.
    DropsTable {
        /// Which.
        table: QualifiedName,
    },
    /// A column goes, with its values.
    DropsColumn {
        /// Which.
        column: Ident,
    },
    /// Rows go by their keys, and what references them decides what that means.
    DeletesRows {
        /// Of which table.
        table: QualifiedName,
    },
    /// The table is written anew under its lock.
    Rewrites,
    /// Every row is read under the lock.
    Scans,
    /// Every row is written; old versions stay until vacuum.
    UpdatesRows,
    /// An index is built under a lock against writing.
    BuildsIndex,
    /// The sequence, new or with new bounds, starts at its beginning: it may give values that
    /// are taken.
    Restarts,
    /// It fails where the table has rows.
    FailsWithRows {
        /// The required column that those rows would lack.
        column: Ident,
    },
    /// It fails where a row has NULL there.
    FailsOnNull {
        /// The column.
        column: Ident,
    },
    /// It fails where a value does not fit the new type.
    FailsOnValues {
        /// The column.
        column: Ident,
    },
    /// It fails where rows are against a new constraint or unique index.
    FailsOnViolation {
        /// Its name.
        name: Ident,
    },
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DropsTable { table } => write!(f, "the rows of table {table} are lost"),
            Self::DropsColumn { column } => write!(f, "the values of column {column} are lost"),
            Self::DeletesRows { table } => write!(
                f,
                "rows of {table} are deleted: those that reference them stop it, or go with them where the foreign key says so"
            ),
            Self::Rewrites => f.write_str("the table is rewritten while it is locked"),
            Self::Scans => f.write_str("every row is read while the table is locked"),
            Self::UpdatesRows => f.write_str("every row concerned is written again"),
            Self::BuildsIndex => f.write_str("writing waits until the index is built"),
            Self::Restarts => f.write_str(
                "the sequence starts at its beginning and may give values that are taken",
            ),
            Self::FailsWithRows { column } => write!(
                f,
                "fails where the table has rows, as column {column} is required and has no default"
            ),
            Self::FailsOnNull { column } => {
                write!(f, "fails where a row has NULL in column {column}")
            }
            Self::FailsOnValues { column } => write!(
                f,
                "fails where a value of column {column} does not fit the new type"
            ),
            Self::FailsOnViolation { name } => write!(f, "fails where rows violate {name}"),
        }
    }
}
