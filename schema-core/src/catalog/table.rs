//! A table.

use std::collections::BTreeMap;

use super::{Column, Constraint, Index, Parameters};
use crate::ident::{Ident, QualifiedName};

/// An ordinary, partitioned or foreign table.
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
    pub storage_parameters: Parameters,
    /// Tablespace, unless the database's default.
    pub tablespace: Option<Ident>,
    /// `PARTITION BY`, without the words: `RANGE (created_at)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<String>,
    /// `PARTITION OF`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition_of: Option<PartitionOf>,
    /// `INHERITS (…)`, in order; not the table that it is a partition of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<QualifiedName>,
    /// `OF type`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_type: Option<QualifiedName>,
    /// `CREATE FOREIGN TABLE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign: Option<ForeignTable>,
    /// `USING method`, where it is not `heap`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_method: Option<Ident>,
    /// `COMMENT ON TABLE`.
    pub comment: Option<String>,
}

/// What a partition is a part of.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: QualifiedName,
    /// `FOR VALUES …`, with the words, or `DEFAULT`.
    pub bound: String,
}

impl PartitionOf {
    /// True for the partition of all rows that no other takes.
    pub fn is_default(&self) -> bool {
        self.bound == "DEFAULT"
    }
}

/// Where the rows of a foreign table are.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignTable {
    /// `SERVER`.
    pub server: Ident,
    /// `OPTIONS (…)`.
    pub options: BTreeMap<String, String>,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == *name)
    }

    /// The tables that it has its inherited columns from: that of which it is a partition, or
    /// those that it `INHERITS`.
    pub fn parents(&self) -> impl Iterator<Item = &QualifiedName> {
        let partition_of = self.partition_of.iter().map(|it| &it.parent);
        partition_of.chain(&self.inherits)
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
