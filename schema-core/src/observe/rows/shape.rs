//! Tables as far as rows for them, and statements on them, need to know.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;

use super::RowsError;
use crate::ident::{Ident, QualifiedName};

/// Tables and views of a database, and the types of their columns.
#[derive(Debug, Default)]
pub struct Shape {
    /// By OID.
    pub tables: BTreeMap<u32, Table>,
    /// By OID, with all that they are made of.
    pub types: BTreeMap<u32, DataType>,
}

impl Shape {
    /// Reads the relations with these OIDs, or all of them.
    pub async fn read(
        connection: &mut PgConnection,
        only: Option<&BTreeSet<u32>>,
    ) -> Result<Self, RowsError> {
        let only = only.map(|only| only.iter().copied().map(i64::from).collect());
        let tables: Vec<Table> =
            documents(connection, include_str!("queries/tables.sql"), only).await?;
        let columns = tables.iter().flat_map(|table| &table.columns);
        let types: BTreeSet<i64> = columns.map(|column| column.data_type.into()).collect();
        let types = Some(types.into_iter().collect());
        let types: Vec<DataType> =
            documents(connection, include_str!("queries/types.sql"), types).await?;
        let mut shape = Self {
            tables: BTreeMap::new(),
            types: types.into_iter().map(|it| (it.oid, it)).collect(),
        };
        for mut table in tables {
            for column in &mut table.columns {
                column.not_null |= shape.excludes_null(column.data_type);
            }
            shape.tables.insert(table.oid, table);
        }
        Ok(shape)
    }

    fn excludes_null(&self, data_type: u32) -> bool {
        let found = self.types.get(&data_type);
        found.is_some_and(|found| found.not_null || self.excludes_null(found.base))
    }

    /// What a domain stands for, its modifier too; any other type is what it is.
    pub fn base(&self, data_type: u32, modifier: i32) -> (u32, i32) {
        match self.types.get(&data_type) {
            Some(found) if found.kind == TypeKind::Domain => self.base(found.base, found.modifier),
            _ => (data_type, modifier),
        }
    }
}

/// A table, partition or view.
#[derive(Debug, Deserialize)]
pub struct Table {
    /// `pg_class.oid`.
    pub oid: u32,
    /// Its schema.
    pub schema: Ident,
    /// Its name.
    pub name: Ident,
    /// What it is.
    pub kind: RelationKind,
    /// The partitioned table that it is a part of.
    pub partition_of: Option<u32>,
    /// The condition on its rows that being a part puts on it.
    pub bound: Option<String>,
    /// Whether row security is on.
    pub row_security: bool,
    /// `pg_relation_is_updatable`, a set of bits.
    pub updatable: i32,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// Unique and exclusion indexes, the primary key first.
    pub keys: Vec<Key>,
    /// Checks.
    pub checks: Vec<Check>,
    /// Foreign keys.
    pub references: Vec<Reference>,
}

impl Table {
    /// Its name with its schema.
    pub fn qualified(&self) -> QualifiedName {
        QualifiedName::new(self.schema.clone(), self.name.clone())
    }

    /// Its name for SQL, never without its schema: the search path of a release is not known.
    pub fn path(&self) -> String {
        self.qualified().full()
    }

    /// A column by its number.
    pub fn column(&self, number: i16) -> Option<&Column> {
        self.columns.iter().find(|column| column.number == number)
    }

    /// The primary key.
    pub fn primary(&self) -> Option<&Key> {
        self.keys.iter().find(|key| key.primary)
    }

    /// The columns that tell its rows apart: those of the primary key, or of another key.
    pub fn identifying(&self) -> Option<Vec<&Column>> {
        let whole = |key: &&Key| !key.exclusion && key.predicate.is_none();
        let mut keys = self.keys.iter().filter(whole);
        keys.find_map(|key| {
            key.columns
                .iter()
                .map(|number| self.column(*number))
                .collect()
        })
    }

    /// Whether a column is that of a foreign key.
    pub fn refers(&self, column: i16) -> bool {
        let mut references = self.references.iter();
        references.any(|reference| reference.columns.contains(&column))
    }

    /// Whether it holds rows itself.
    pub fn has_storage(&self) -> bool {
        self.kind == RelationKind::Table
    }
}

/// `pg_class.relkind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum RelationKind {
    /// An ordinary table or a partition.
    #[serde(rename = "r")]
    Table,
    /// A partitioned table.
    #[serde(rename = "p")]
    Partitioned,
    /// A view.
    #[serde(rename = "v")]
    View,
    /// A materialized view.
    #[serde(rename = "m")]
    MaterializedView,
}

/// A column.
#[derive(Debug, Deserialize)]
pub struct Column {
    /// `pg_attribute.attnum`.
    pub number: i16,
    /// Its name.
    pub name: Ident,
    /// The OID of its type.
    #[serde(rename = "type")]
    pub data_type: u32,
    /// `pg_attribute.atttypmod`.
    pub modifier: i32,
    /// Its type as SQL.
    pub type_name: String,
    /// Whether it, or its domain, is `NOT NULL`.
    pub not_null: bool,
    /// `a`, `d` or nothing.
    pub identity: String,
    /// Whether it is computed from other columns.
    pub generated: bool,
    /// Whether it has a default.
    pub has_default: bool,
    /// Where its values come from, if it has an identity or is a serial.
    pub sequence: Option<Sequence>,
}

impl Column {
    /// Whether an `INSERT` has to name it.
    pub fn is_required(&self) -> bool {
        self.not_null && self.identity.is_empty() && !self.generated && !self.has_default
    }
}

/// A sequence.
#[derive(Clone, Debug, Deserialize)]
pub struct Sequence {
    /// `pg_class.oid`.
    pub oid: u32,
    /// The value that it gives next.
    pub next: i64,
    /// The distance between two values.
    pub increment: i64,
}

/// A unique or exclusion index.
#[derive(Debug, Deserialize)]
pub struct Key {
    /// The index.
    pub name: Ident,
    /// Whether it is that of the primary key.
    pub primary: bool,
    /// Whether it is that of an exclusion constraint.
    pub exclusion: bool,
    /// Whether it is checked at once: a deferrable one cannot arbitrate a conflict.
    pub immediate: bool,
    /// Its columns; 0 stands for an expression.
    pub columns: Vec<i16>,
    /// Its columns and expressions as SQL.
    pub elements: Vec<String>,
    /// Its condition, if it is partial.
    pub predicate: Option<String>,
}

/// A check.
#[derive(Debug, Deserialize)]
pub struct Check {
    /// Its name.
    pub name: Ident,
    /// The columns that it reads.
    pub columns: Vec<i16>,
    /// Its condition.
    pub expression: String,
}

/// A foreign key.
#[derive(Debug, Deserialize)]
pub struct Reference {
    /// Its name.
    pub name: Ident,
    /// Its columns.
    pub columns: Vec<i16>,
    /// The table that it references.
    pub table: u32,
    /// The columns there, in the order of `columns`.
    pub referenced: Vec<i16>,
    /// The table that it references, for SQL.
    pub path: String,
    /// The names of the columns there.
    pub names: Vec<Ident>,
}

/// A type.
#[derive(Debug, Deserialize)]
pub struct DataType {
    /// `pg_type.oid`.
    pub oid: u32,
    /// `pg_type.typname`.
    pub name: String,
    /// The type as SQL.
    pub spelling: String,
    /// What it is.
    pub kind: TypeKind,
    /// `pg_type.typcategory`.
    pub category: char,
    /// Of what it is an array; 0 if it is none.
    pub element: u32,
    /// What a domain stands for.
    pub base: u32,
    /// The modifier of that.
    pub modifier: i32,
    /// What a range is of; the range that a multirange is of.
    pub subtype: u32,
    /// The labels of an enum.
    pub labels: Vec<String>,
    /// The fields of a composite type.
    pub fields: Vec<Field>,
    /// The conditions of a domain.
    pub checks: Vec<String>,
    /// Whether a domain excludes null.
    pub not_null: bool,
}

/// `pg_type.typtype`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum TypeKind {
    /// A base type, an array among them.
    #[serde(rename = "b")]
    Base,
    /// A composite type.
    #[serde(rename = "c")]
    Composite,
    /// A domain.
    #[serde(rename = "d")]
    Domain,
    /// An enum.
    #[serde(rename = "e")]
    Enum,
    /// A pseudo-type.
    #[serde(rename = "p")]
    Pseudo,
    /// A range.
    #[serde(rename = "r")]
    Range,
    /// A multirange.
    #[serde(rename = "m")]
    Multirange,
}

/// A field of a composite type.
#[derive(Debug, Deserialize)]
pub struct Field {
    /// The OID of its type.
    #[serde(rename = "type")]
    pub data_type: u32,
    /// Its modifier.
    pub modifier: i32,
}

async fn documents<T: DeserializeOwned>(
    connection: &mut PgConnection,
    query: &'static str,
    oids: Option<Vec<i64>>,
) -> Result<Vec<T>, RowsError> {
    let rows: Vec<String> = sqlx::query_scalar(query)
        .persistent(false)
        .bind(oids)
        .fetch_all(connection)
        .await
        .map_err(RowsError::Read)?;
    let documents = rows.iter().map(|row| serde_json::from_str(row));
    documents
        .collect::<Result<_, _>>()
        .map_err(RowsError::Shape)
}
