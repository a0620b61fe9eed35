//! Asking PostgreSQL what rows hold: those of a table, and those that the source declares.

use super::{List, Value};
use crate::ident::{Ident, QualifiedName};

/// How values are written as text: the same on every server.
pub const ROW_SETTINGS: &str = "SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; \
     SET TimeZone = 'UTC'; SET bytea_output = 'hex'; SET extra_float_digits = 1; \
     SET lc_monetary = 'C'; SET xmloption = 'content'";

/// All queries see the same rows, and none waits or takes long.
pub const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
     SET LOCAL statement_timeout = '30s'; SET LOCAL lock_timeout = '2s'";

/// The text form of some columns of all rows of a table, in the order of its key.
pub fn select(
    table: &QualifiedName,
    columns: &[Ident],
    key: &[Ident],
    filter: Option<&str>,
) -> String {
    format!(
        "SELECT {} FROM {}{} ORDER BY {}",
        texts(columns),
        table.full(),
        condition(filter),
        List(key)
    )
}

/// How many rows of a table there are, counted up to a limit, and how much text that is.
pub fn size(table: &QualifiedName, filter: Option<&str>, limit: u32) -> String {
    format!(
        "SELECT count(*), coalesce(sum(octet_length(counted::text)), 0)::bigint \
         FROM (SELECT * FROM {}{} LIMIT {limit}) AS counted",
        table.full(),
        condition(filter)
    )
}

/// A line break ends whatever comment the condition ends with.
fn condition(filter: Option<&str>) -> String {
    filter.map_or_else(String::new, |filter| format!(" WHERE ({filter}\n)"))
}

/// A temporary table with some columns of a table: their types, and nothing else. Only for scratch
/// databases.
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
