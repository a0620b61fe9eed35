//! Enum types.

use std::fmt;

use super::{Hazard, LockLevel};
use crate::ident::{QualifiedName, literal};

/// A statement about an enum type. None locks a table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the parts of the statement")]
pub enum EnumDdl {
    /// `CREATE TYPE … AS ENUM (…)`.
    Create {
        name: QualifiedName,
        labels: Vec<String>,
    },
    /// `ALTER TYPE … ADD VALUE …`. The value can be used after the commit only (55P04).
    AddValue {
        name: QualifiedName,
        label: String,
        place: Option<Neighbour>,
    },
    /// `ALTER TYPE … RENAME VALUE … TO …`.
    RenameValue {
        name: QualifiedName,
        from: String,
        to: String,
    },
    /// `ALTER TYPE … SET SCHEMA …`.
    SetSchema {
        name: QualifiedName,
        schema: crate::ident::Ident,
    },
    /// `ALTER TYPE … RENAME TO …`.
    Rename {
        name: QualifiedName,
        to: crate::ident::Ident,
    },
    /// `DROP TYPE`; it fails while something uses it.
    Drop(QualifiedName),
}

/// Where a new label goes, if not to the end.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Neighbour {
    /// Directly before this label.
    Before(String),
    /// Directly after this label.
    After(String),
}

impl EnumDdl {
    pub(super) fn comment(&self) -> String {
        match self {
            Self::Create { name, .. } => format!("Create enum {name}"),
            Self::AddValue { name, label, .. } => {
                format!("Add value {} to enum {name}", literal(label))
            }
            Self::RenameValue { name, from, to } => format!(
                "Rename value {} of enum {name} to {}",
                literal(from),
                literal(to)
            ),
            Self::SetSchema { name, schema } => format!("Move enum {name} to schema {schema}"),
            Self::Rename { name, to } => format!("Rename enum {name} to {to}"),
            Self::Drop(name) => format!("Drop enum {name}"),
        }
    }

    #[expect(clippy::unused_self, reason = "every family answers this")]
    pub(super) fn lock(&self) -> LockLevel {
        LockLevel::None
    }

    #[expect(clippy::unused_self, reason = "every family answers this")]
    pub(super) fn hazards(&self) -> Vec<Hazard> {
        Vec::new()
    }
}

impl fmt::Display for EnumDdl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create { name, labels } if labels.is_empty() => {
                write!(f, "CREATE TYPE {name} AS ENUM ()")
            }
            Self::Create { name, labels } => {
                let labels: Vec<String> = labels.iter().map(|label| literal(label)).collect();
                write!(f, "CREATE TYPE {name} AS ENUM (\n    ")?;
                write!(f, "{}\n)", labels.join(",\n    "))
            }
            Self::AddValue { name, label, place } => {
                write!(f, "ALTER TYPE {name} ADD VALUE {}", literal(label))?;
                match place {
                    None => Ok(()),
                    Some(Neighbour::Before(other)) => write!(f, " BEFORE {}", literal(other)),
                    Some(Neighbour::After(other)) => write!(f, " AFTER {}", literal(other)),
                }
            }
            Self::RenameValue { name, from, to } => write!(
                f,
                "ALTER TYPE {name} RENAME VALUE {} TO {}",
                literal(from),
                literal(to)
            ),
            Self::SetSchema { name, schema } => write!(f, "ALTER TYPE {name} SET SCHEMA {schema}"),
            Self::Rename { name, to } => write!(f, "ALTER TYPE {name} RENAME TO {to}"),
            Self::Drop(name) => write!(f, "DROP TYPE {name}"),
        }
    }
}
