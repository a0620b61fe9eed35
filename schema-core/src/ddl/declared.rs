//! Asking PostgreSQL what declared rows hold. Only for scratch databases.

use super::{List, Value};
use crate::ident::{Ident, QualifiedName};

/// How values are written as text: the same on every server.
pub const ROW_SETTINGS: &str = "SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; \
     SET TimeZone = 'UTC'; SET bytea_output = 'hex'; SET extra_float_digits = 1; \
     SET lc_monetary = 'C'; SET xmloption = 'content'";

/// The text form of some columns of all rows of a table, in the order of its key.
pub fn select(table: &QualifiedName, columns: &[Ident], key: &[Ident]) -> String {
    format!(
        "SELECT {} FROM {table} ORDER BY {}",
        texts(columns),
        List(key)
    )
}

/// A temporary table with some columns of a table: their types, and nothing else.
#[derive(Clone, Debug)]
pub struct Declared {
    name: Ident,
    columns: Vec<Ident>,
}

impl Declared {
    /// It goes by this name.
    pub fn new(name: impl Into<Ident>, columns: Vec<Ident>) -> Self {
        Self {
            name: name.into(),
            columns,
        }
    }

    /// Makes it.
    pub fn create(&self, like: &QualifiedName) -> String {
        format!(
            "CREATE TEMPORARY TABLE {} AS SELECT {} FROM {like} WITH NO DATA",
            self.name,
            List(&self.columns)
        )
    }

    /// Makes an expression what a column gets when no value is given. PostgreSQL takes there what
    /// is a value by itself: no column, no query.
    pub fn expression(&self, column: &Ident, sql: &str) -> String {
        format!(
            "ALTER TABLE pg_temp.{} ALTER COLUMN {column} SET DEFAULT ({sql})",
            self.name
        )
    }

    /// Puts a row in and gives back the text form of all columns; `None` stands for the expression
    /// of the column. Values are SQL.
    pub fn insert(&self, values: &[(&Ident, Option<&str>)]) -> String {
        let columns: Vec<&Ident> = values.iter().map(|(column, _)| *column).collect();
        let values: Vec<&str> = values
            .iter()
            .map(|(_, it)| it.unwrap_or("DEFAULT"))
            .collect();
        format!(
            "INSERT INTO pg_temp.{} ({}) VALUES ({}) RETURNING {}",
            self.name,
            List(&columns),
            List(&values),
            texts(&self.columns)
        )
    }
}

fn texts(columns: &[Ident]) -> String {
    let columns = columns.iter();
    let columns: Vec<String> = columns.map(|column| format!("{column}::text")).collect();
    List(&columns).to_string()
}

/// A list of values, for messages.
pub(crate) fn shown(values: &[(Ident, Value)]) -> String {
    let values = values.iter();
    let values: Vec<String> = values.map(|(name, it)| format!("{name} = {it}")).collect();
    List(&values).to_string()
}
