//! Rows of a table at the base, and values for its columns, as literals.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AssertSqlSafe, PgConnection};

use super::OldError;
use super::statement::insertable;
use crate::ident::literal;
use crate::observe::rows::shape::{Column, RelationKind, Shape, Table};
use crate::observe::rows::value::{Flavour, Values};

/// How many rows of a table are looked at.
const ROWS: usize = 3;

/// Where the values of new rows begin, far from those that are there.
const FAR: u32 = 5_000;

/// Literals by the number of their column, without the name of a type, as a parameter has none.
pub(super) type Literals = BTreeMap<i16, String>;

/// What is known of the rows of a table.
#[derive(Debug, Default)]
pub(super) struct Sample {
    /// Some of its rows, those with fewer nulls first.
    pub(super) rows: Vec<Literals>,
    /// Values that no row has, for each column.
    pub(super) other: Literals,
    /// The least, longest or largest values that a column takes, with what they are.
    pub(super) extremes: BTreeMap<i16, Vec<(&'static str, String)>>,
}

impl Sample {
    /// Reads rows and makes values, on the base.
    pub(super) async fn take(
        connection: &mut PgConnection,
        shape: &Shape,
        table: &Table,
    ) -> Result<Self, OldError> {
        let mut sample = Self::default();
        if !matches!(table.kind, RelationKind::Table | RelationKind::Partitioned) {
            return Ok(sample);
        }
        let columns: Vec<&Column> = table.columns.iter().collect();
        let texts = columns
            .iter()
            .map(|column| format!("{}::text", column.name));
        let names = columns.iter().map(|column| column.name.to_string());
        let order = table.identifying().unwrap_or_default();
        let order = order.iter().map(|column| format!(", {}", column.name));
        let sql = format!(
            "SELECT ARRAY[{}]::text[] FROM {} ORDER BY num_nulls({}){} LIMIT {ROWS}",
            texts.collect::<Vec<_>>().join(", "),
            table.path(),
            names.collect::<Vec<_>>().join(", "),
            order.collect::<String>(),
        );
        if columns.is_empty() {
            return Ok(sample);
        }
        let rows = arrays(connection, sql).await.map_err(OldError::Run)?;
        sample.rows = rows
            .into_iter()
            .map(|row| {
                let values = columns.iter().zip(row);
                values
                    .map(|(column, value)| (column.number, quoted(value)))
                    .collect()
            })
            .collect();
        sample.values(connection, shape, table).await;
        sample.unused(connection, table).await;
        Ok(sample)
    }

    /// Rows of other tables that no row refers to yet, where one row may refer to each.
    async fn unused(&mut self, connection: &mut PgConnection, table: &Table) {
        let fresh = fresh_columns(table);
        for reference in &table.references {
            let is_fresh = |number: &&i16| fresh.contains(number);
            let Some(place) = reference.columns.iter().position(|it| is_fresh(&it)) else {
                continue;
            };
            let Some(here) = table.column(reference.columns[place]) else {
                continue;
            };
            let texts = reference
                .names
                .iter()
                .map(|name| format!("there.{name}::text"));
            let sql = format!(
                "SELECT ARRAY[{}]::text[] FROM {} there \
                 WHERE NOT EXISTS (SELECT FROM {} here WHERE here.{} = there.{}) ORDER BY 1 LIMIT 1",
                texts.collect::<Vec<_>>().join(", "),
                reference.path,
                table.path(),
                here.name,
                reference.names[place],
            );
            let found = arrays(connection, sql).await.unwrap_or_default();
            let found = found.into_iter().flatten().map(quoted);
            self.other
                .extend(reference.columns.iter().copied().zip(found));
        }
    }

    /// Values that PostgreSQL does not take stay out.
    async fn values(&mut self, connection: &mut PgConnection, shape: &Shape, table: &Table) {
        const KINDS: [(&str, Flavour); 3] = [
            ("another value", Flavour::Plain),
            ("a number below zero", Flavour::Negative),
            ("the longest value", Flavour::Longest),
        ];
        let values = Values {
            shape,
            domains: BTreeMap::new(),
        };
        let mut wanted = Vec::new();
        for column in insertable(table) {
            let plain = values.of(column, FAR, Flavour::Plain);
            for (kind, flavour) in KINDS {
                let value = values.of(column, FAR, flavour);
                if flavour == Flavour::Plain || value != plain {
                    wanted.extend(value.map(|value| (column.number, kind, flavour, value)));
                }
            }
        }
        let texts: Vec<String> = wanted
            .iter()
            .map(|(.., value)| format!("({value})::text"))
            .collect();
        let sql = format!("SELECT ARRAY[{}]::text[]", texts.join(", "));
        let Ok(made) = arrays(connection, sql).await else {
            return;
        };
        let made = made.into_iter().flatten();
        for ((number, kind, flavour, _), value) in wanted.into_iter().zip(made) {
            if flavour == Flavour::Plain {
                self.other.insert(number, quoted(value));
            } else {
                self.extremes
                    .entry(number)
                    .or_default()
                    .push((kind, quoted(value)));
            }
        }
    }
}

/// One column of every key, that makes a copy of a row a new one: rather not one of a foreign key.
pub(super) fn fresh_columns(table: &Table) -> BTreeSet<i16> {
    let references: BTreeSet<i16> = table
        .references
        .iter()
        .flat_map(|it| it.columns.clone())
        .collect();
    let writable: BTreeSet<i16> = insertable(table).map(|column| column.number).collect();
    let mut fresh = BTreeSet::new();
    for key in &table.keys {
        let is_new = key
            .columns
            .iter()
            .any(|it| fresh.contains(it) || (*it != 0 && !writable.contains(it)));
        if is_new {
            continue;
        }
        let own = key
            .columns
            .iter()
            .rev()
            .find(|it| writable.contains(it) && !references.contains(it));
        fresh.extend(own.or_else(|| key.columns.iter().find(|it| **it != 0)));
    }
    fresh
}

async fn arrays(
    connection: &mut PgConnection,
    sql: String,
) -> Result<Vec<Vec<Option<String>>>, sqlx::Error> {
    sqlx::query_scalar(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(connection)
        .await
}

fn quoted(value: Option<String>) -> String {
    value.map_or_else(|| "NULL".into(), |value| literal(&value))
}

/// A text of the same form: another letter for its first letter, or another digit.
///
/// What a pattern or a length asked of the one, the other has too, mostly.
pub(super) fn sibling(value: &str) -> Option<String> {
    let at = value.find(|c: char| c.is_ascii_alphanumeric())?;
    let old = value[at..].chars().next()?;
    let new = match old {
        'z' => 'y',
        'Z' => 'Y',
        '9' => '8',
        'a'..='y' => 'z',
        'A'..='Y' => 'Z',
        _ => '9',
    };
    Some(format!("{}{new}{}", &value[..at], &value[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sibling_has_the_form_of_the_text() {
        assert_eq!(sibling("'ab@x.org'").as_deref(), Some("'zb@x.org'"));
        assert_eq!(sibling("'9-1'").as_deref(), Some("'8-1'"));
        assert_eq!(sibling("'-'"), None);
    }
}
