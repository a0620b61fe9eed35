//! A table.

use std::collections::BTreeMap;

use super::{Column, Constraint, Index};
use crate::ident::Ident;

/// An ordinary table.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Columns in the order of the table; two tables that differ only in it do not differ.
    pub columns: Vec<Column>,
    /// Constraints by name; NOT NULL is a property of the column.
    pub constraints: BTreeMap<Ident, Constraint>,
    /// Indexes by name, without those that a constraint owns.
    pub indexes: BTreeMap<Ident, Index>,
    /// Logged or not.
    pub persistence: Persistence,
    /// `WITH (…)`, by name (`toast.` prefix for the toast table's).
    pub storage_parameters: BTreeMap<String, String>,
    /// Tablespace, unless the database's default.
    pub tablespace: Option<Ident>,
    /// `COMMENT ON TABLE`.
    pub comment: Option<String>,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == *name)
    }
}

/// Whether a table survives a crash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Persistence {
    /// Written to the write-ahead log.
    #[default]
    Logged,
    /// `UNLOGGED`.
    Unlogged,
}
