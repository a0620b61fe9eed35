//! Tables.

use std::fmt;

use super::{
    ConstraintDefinition, Hazard, List, LockLevel, TableAction, backfill, create, sequence,
};
use crate::catalog::{SequenceOptions, Table};
use crate::ident::{Ident, QualifiedName, literal};

/// A statement about a table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the parts of the statement")]
pub enum TableDdl {
    /// `CREATE TABLE`: foreign keys lock the tables that they reference.
    Create {
        name: QualifiedName,
        /// The table's own options; its columns and constraints are those below.
        table: Box<Table>,
        constraints: Vec<ConstraintDefinition>,
    },
    /// `ALTER TABLE`, one clause for each action.
    Alter {
        name: QualifiedName,
        /// `ONLY`: the tables that inherit from it stay as they are.
        only: bool,
        actions: Vec<TableAction>,
    },
    /// A loop of `UPDATE … SET … WHERE …` over a few pages at a time, with a commit after each: it
    /// locks the rows that it writes for a moment, and cannot be in a transaction.
    Backfill {
        name: QualifiedName,
        /// Columns with the expressions that they get.
        set: Vec<(Ident, String)>,
        /// The rows that are left to do; a row that is done is not among them.
        filter: String,
    },
    /// `SELECT setval(…)`: an identity that a filled column was given goes on after the last of its
    /// values that the sequence can have given. PostgreSQL starts it at its beginning.
    ContinueIdentity {
        name: QualifiedName,
        column: Ident,
        options: SequenceOptions,
    },
    /// `ALTER TABLE … RENAME TO …`.
    Rename { name: QualifiedName, to: Ident },
    /// `ALTER TABLE … SET SCHEMA …`.
    SetSchema { name: QualifiedName, schema: Ident },
    /// `ALTER TABLE … RENAME COLUMN …`.
    RenameColumn {
        name: QualifiedName,
        from: Ident,
        to: Ident,
    },
    /// `ALTER TABLE … RENAME CONSTRAINT …`.
    RenameConstraint {
        name: QualifiedName,
        from: Ident,
        to: Ident,
    },
    /// `ALTER TABLE … ATTACH PARTITION …`: SHARE UPDATE EXCLUSIVE on the partitioned table, ACCESS
    /// EXCLUSIVE on the partition and on that of all other rows. What is there is read, unless a
    /// check says that it fits.
    AttachPartition {
        name: QualifiedName,
        partition: QualifiedName,
        bound: String,
        /// The table was there before, and may have rows.
        in_use: bool,
    },
    /// `ALTER TABLE … DETACH PARTITION …`.
    DetachPartition {
        name: QualifiedName,
        partition: QualifiedName,
        /// It takes SHARE UPDATE EXCLUSIVE, waits for what uses the partition, and cannot be in a
        /// transaction.
        concurrently: bool,
    },
    /// `DROP TABLE`; it fails while something else uses it.
    Drop(QualifiedName),
    /// `DROP FOREIGN TABLE`: its rows are elsewhere, and stay.
    DropForeign(QualifiedName),
}

impl TableDdl {
    pub(super) fn comment(&self) -> String {
        match self {
            Self::Create { name, .. } => format!("Create table {name}"),
            Self::Alter { name, actions, .. } => match actions.as_slice() {
                [action] => {
                    let (phrase, preposition) = action.phrase();
                    let mut letters = phrase.chars();
                    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
                    let phrase: String = first.into_iter().chain(letters).collect();
                    format!("{phrase} {preposition} table {name}")
                }
                [_, _] | [_, _, _] => {
                    let phrases = actions.iter().map(|action| action.phrase().0);
                    let mut phrases: Vec<String> = phrases.collect();
                    phrases.dedup();
                    format!("Alter table {name}: {}", phrases.join(", "))
                }
                _ => format!("Alter table {name}"),
            },
            Self::Backfill { name, set, .. } => {
                let columns: Vec<&Ident> = set.iter().map(|(column, _)| column).collect();
                let plural = if columns.len() == 1 { "" } else { "s" };
                format!("Fill column{plural} {} of table {name}", List(&columns))
            }
            Self::ContinueIdentity { name, column, .. } => {
                format!("Continue identity of column {column} of table {name} after its values")
            }
            Self::Rename { name, to } => format!("Rename table {name} to {to}"),
            Self::SetSchema { name, schema } => format!("Move table {name} to schema {schema}"),
            Self::RenameColumn { name, from, to } => {
                format!("Rename column {from} of table {name} to {to}")
            }
            Self::RenameConstraint { name, from, to } => {
                format!("Rename constraint {from} of table {name} to {to}")
            }
            Self::AttachPartition {
                name, partition, ..
            } => format!("Attach partition {partition} to table {name}"),
            Self::DetachPartition {
                name, partition, ..
            } => format!("Detach partition {partition} from table {name}"),
            Self::Drop(name) => format!("Drop table {name}"),
            Self::DropForeign(name) => format!("Drop foreign table {name}"),
        }
    }

    pub(super) fn lock(&self) -> LockLevel {
        match self {
            Self::Create { constraints, .. } => {
                let foreign = constraints.iter().any(ConstraintDefinition::is_foreign_key);
                if foreign {
                    LockLevel::ShareRowExclusive
                } else {
                    LockLevel::None
                }
            }
            Self::AttachPartition { in_use: false, .. }
            | Self::DetachPartition {
                concurrently: true, ..
            } => LockLevel::ShareUpdateExclusive,
            Self::Alter { actions, .. } => {
                let locks = actions.iter().map(TableAction::lock);
                locks.max().unwrap_or_default()
            }
            Self::Backfill { .. } => LockLevel::RowExclusive,
            Self::ContinueIdentity { .. } => LockLevel::AccessShare,
            Self::Rename { .. }
            | Self::SetSchema { .. }
            | Self::RenameColumn { .. }
            | Self::RenameConstraint { .. }
            | Self::AttachPartition { .. }
            | Self::DetachPartition { .. }
            | Self::Drop(_)
            | Self::DropForeign(_) => LockLevel::AccessExclusive,
        }
    }

    pub(super) fn hazards(&self) -> Vec<Hazard> {
        match self {
            Self::Create { .. }
            | Self::ContinueIdentity { .. }
            | Self::Rename { .. }
            | Self::SetSchema { .. }
            | Self::RenameColumn { .. }
            | Self::RenameConstraint { .. }
            | Self::AttachPartition { in_use: false, .. }
            | Self::DetachPartition { .. }
            | Self::DropForeign(_) => Vec::new(),
            Self::AttachPartition { partition, .. } => vec![
                Hazard::Scans,
                Hazard::FailsOnViolation {
                    name: partition.name.clone(),
                },
            ],
            Self::Alter { actions, .. } => {
                let mut hazards: Vec<Hazard> =
                    actions.iter().flat_map(TableAction::hazards).collect();
                hazards.sort();
                hazards.dedup();
                hazards
            }
            Self::Backfill { .. } => vec![Hazard::UpdatesRows],
            Self::Drop(name) => vec![Hazard::DropsTable {
                table: name.clone(),
            }],
        }
    }
}

impl fmt::Display for TableDdl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create {
                name,
                table,
                constraints,
            } => create::create(f, name, table, constraints),
            Self::Alter {
                name,
                only,
                actions,
            } => {
                let only = if *only { "ONLY " } else { "" };
                write!(f, "ALTER TABLE {only}{name}")?;
                if let [action] = actions.as_slice() {
                    return write!(f, " {action}");
                }
                for (place, action) in actions.iter().enumerate() {
                    let comma = if place == 0 { "" } else { "," };
                    write!(f, "{comma}\n    {action}")?;
                }
                Ok(())
            }
            Self::Backfill { name, set, filter } => backfill::fill(f, name, set, filter),
            Self::ContinueIdentity {
                name,
                column,
                options,
            } => {
                let (last, reached, within, end) = if sequence::ascends(options) {
                    ("max", ">=", "<=", options.max)
                } else {
                    ("min", "<=", ">=", options.min)
                };
                write!(
                    f,
                    "SELECT setval(pg_get_serial_sequence({}, {}), {last}({column}))\nFROM {name}",
                    literal(&name.to_string()),
                    literal(column.as_str()),
                )?;
                if let Some(end) = end {
                    write!(f, "\nWHERE {column} {within} {end}")?;
                }
                let first = sequence::first_value(options);
                write!(f, "\nHAVING {last}({column}) {reached} {first}")
            }
            Self::Rename { name, to } => write!(f, "ALTER TABLE {name} RENAME TO {to}"),
            Self::SetSchema { name, schema } => write!(f, "ALTER TABLE {name} SET SCHEMA {schema}"),
            Self::RenameColumn { name, from, to } => {
                write!(f, "ALTER TABLE {name} RENAME COLUMN {from} TO {to}")
            }
            Self::RenameConstraint { name, from, to } => {
                write!(f, "ALTER TABLE {name} RENAME CONSTRAINT {from} TO {to}")
            }
            Self::AttachPartition {
                name,
                partition,
                bound,
                in_use: _,
            } => write!(f, "ALTER TABLE {name} ATTACH PARTITION {partition} {bound}"),
            Self::DetachPartition {
                name,
                partition,
                concurrently,
            } => {
                write!(f, "ALTER TABLE {name} DETACH PARTITION {partition}")?;
                f.write_str(if *concurrently { " CONCURRENTLY" } else { "" })
            }
            Self::Drop(name) => write!(f, "DROP TABLE {name}"),
            Self::DropForeign(name) => write!(f, "DROP FOREIGN TABLE {name}"),
        }
    }
}
