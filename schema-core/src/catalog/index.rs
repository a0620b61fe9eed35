//! Indexes that are not constraints.

use super::Parameters;
use crate::ident::Ident;

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// `UNIQUE`.
    pub unique: bool,
    /// Access method: `btree`.
    pub method: Ident,
    /// What is indexed, in order.
    pub elements: Vec<IndexElement>,
    /// `INCLUDE`.
    pub include: Vec<Ident>,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15 and later).
    pub nulls_not_distinct: bool,
    /// `WITH (…)`.
    pub storage_parameters: Parameters,
    /// `WHERE`, without the word and without outer parentheses.
    pub predicate: Option<String>,
    /// False after a concurrent build that failed.
    pub valid: bool,
    /// Tablespace, unless the database's default.
    pub tablespace: Option<Ident>,
    /// The index of the partitioned table that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Ident>,
    /// Columns that elements, include and predicate use, sorted; empty in a provisional
    /// catalog where an expression hides them.
    pub columns: Vec<Ident>,
    /// `COMMENT ON INDEX`.
    pub comment: Option<String>,
}

impl Index {
    /// A B-tree over these elements of which nothing else is said.
    pub fn new(elements: Vec<IndexElement>) -> Self {
        Self {
            unique: false,
            method: "btree".into(),
            elements,
            include: Vec::new(),
            nulls_not_distinct: false,
            storage_parameters: Parameters::new(),
            predicate: None,
            valid: true,
            tablespace: None,
            parent: None,
            columns: Vec::new(),
            comment: None,
        }
    }
}

/// One element of an index.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexElement {
    /// The column or expression.
    pub key: IndexKey,
    /// Operator class as SQL spells it, parameters included, where it is not the default.
    pub opclass: Option<String>,
    /// Collation as SQL spells it, where it is not the column's own.
    pub collation: Option<String>,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST`; the default is true for `DESC` and false otherwise.
    pub nulls_first: bool,
}

/// What an index element is made of.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexKey {
    /// A column.
    Column(Ident),
    /// An expression, without outer parentheses.
    Expression(String),
}
