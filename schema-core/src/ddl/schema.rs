//! Schemas and extensions.

use std::fmt;

use super::{Hazard, LockLevel};
use crate::ident::{DEFAULT_SCHEMA, Ident};

/// A statement about a schema. None locks a table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemaDdl {
    /// `CREATE SCHEMA`.
    Create(Ident),
    /// `DROP SCHEMA`; it fails unless the schema is empty.
    Drop(Ident),
}

impl SchemaDdl {
    pub(super) fn comment(&self) -> String {
        match self {
            Self::Create(name) => format!("Create schema {name}"),
            Self::Drop(name) => format!("Drop schema {name}"),
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

impl fmt::Display for SchemaDdl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Every new database has it.
            Self::Create(name) if *name == *DEFAULT_SCHEMA => {
                write!(f, "CREATE SCHEMA IF NOT EXISTS {name}")
            }
            Self::Create(name) => write!(f, "CREATE SCHEMA {name}"),
            Self::Drop(name) => write!(f, "DROP SCHEMA {name}"),
        }
    }
}

/// A statement about an extension. None locks a table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtensionDdl {
    /// `CREATE EXTENSION … SCHEMA …`.
    Create {
        /// Its name.
        name: Ident,
        /// The schema of its objects, unless left to the extension.
        schema: Option<Ident>,
    },
    /// `ALTER EXTENSION … SET SCHEMA …`.
    SetSchema {
        /// Its name.
        name: Ident,
        /// The new schema of its objects.
        schema: Ident,
    },
    /// `DROP EXTENSION`; it fails while something uses it.
    Drop(Ident),
}

impl ExtensionDdl {
    pub(super) fn comment(&self) -> String {
        match self {
            Self::Create { name, .. } => format!("Create extension {name}"),
            Self::SetSchema { name, schema } => {
                format!("Move extension {name} to schema {schema}")
            }
            Self::Drop(name) => format!("Drop extension {name}"),
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

impl fmt::Display for ExtensionDdl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create { name, schema: None } => write!(f, "CREATE EXTENSION {name}"),
            Self::Create {
                name,
                schema: Some(schema),
            } => write!(f, "CREATE EXTENSION {name} SCHEMA {schema}"),
            Self::SetSchema { name, schema } => {
                write!(f, "ALTER EXTENSION {name} SET SCHEMA {schema}")
            }
            Self::Drop(name) => write!(f, "DROP EXTENSION {name}"),
        }
    }
}
