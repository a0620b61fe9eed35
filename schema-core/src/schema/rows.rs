//! The rows that tables of configuration hold, as the source declares them.

use std::collections::BTreeMap;

use super::{Schema, item_place, line_place, sql_text};
use crate::def::ValueDef;
use crate::diagnostic::Place;
use crate::ident::{Ident, QualifiedName};

/// The rows of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredRows {
    /// The columns that tell its rows apart.
    pub key: Vec<Ident>,
    /// The rows, in the order of the source.
    pub rows: Vec<DeclaredRow>,
    /// Where they stand.
    pub place: Place,
}

/// A row; a column that it does not name is left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredRow {
    /// Its values.
    pub values: BTreeMap<Ident, DeclaredValue>,
    /// Where it stands.
    pub place: Place,
}

/// A value as the source has it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclaredValue {
    /// NULL.
    Null,
    /// A literal.
    Literal(String),
    /// An expression.
    Expression(String),
}

impl DeclaredRows {
    /// All columns that a row names, the key's among them.
    pub fn columns(&self) -> Vec<Ident> {
        let given = self.rows.iter().flat_map(|row| row.values.keys());
        let all: std::collections::BTreeSet<&Ident> = given.chain(&self.key).collect();
        all.into_iter().cloned().collect()
    }
}

/// The rows of all tables that declare some.
pub(super) fn collect(schema: &Schema<'_>) -> BTreeMap<QualifiedName, DeclaredRows> {
    let tables = schema.rows.iter().map(|(name, it)| {
        let rows = it.rows.iter().map(|row| {
            let values = row.values.iter().map(|(column, value)| {
                let value = match value {
                    ValueDef::Null => DeclaredValue::Null,
                    ValueDef::Literal(sql) => DeclaredValue::Literal(sql_text(sql)),
                    ValueDef::Sql(sql) => DeclaredValue::Expression(sql_text(sql)),
                };
                (Ident::from(*column), value)
            });
            DeclaredRow {
                values: values.collect(),
                place: line_place(&it.source, row.line, format!("row of `{name}`")),
            }
        });
        let rows = DeclaredRows {
            key: it.key.iter().copied().map(Ident::from).collect(),
            rows: rows.collect(),
            place: item_place(&it.source, format!("struct `{}`", it.source.item)),
        };
        (name.clone(), rows)
    });
    tables.collect()
}
