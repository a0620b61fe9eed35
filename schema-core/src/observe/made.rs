//! Tables, columns, indexes and constraints that the new migrations made.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row as _};

use super::error::ObserveError;
use super::facts::Oid;
use super::rehearsal::Rehearsal;
use crate::directory::ShimName;
use crate::ident::{Ident, QualifiedName};

/// Something with a name that was not there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// What it is.
    pub kind: MadeKind,
    /// Its number; that of its table for a column.
    pub oid: Oid,
    /// Its table, or the table itself.
    pub table: QualifiedName,
    /// The number of that table.
    pub table_oid: Oid,
    /// Its name.
    pub name: Ident,
}

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeKind {
    /// A table, partitioned or not.
    Table,
    /// A column.
    Column,
    /// An index that is none of a constraint.
    Index,
    /// A constraint.
    Constraint,
}

impl MadeKind {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Column => "column",
            Self::Index => "index",
            Self::Constraint => "constraint",
        }
    }
}

/// Everything that may have been made: new objects, and all columns of tables.
const MADE: &str = include_str!("made.sql");

/// Whether a shim stands.
const STANDING: &str = include_str!("standing.sql");

impl Rehearsal {
    /// Whether there is the view that stands in for a table under its old name, or the column that
    /// a trigger keeps.
    pub async fn has_shim(&mut self, shim: &ShimName) -> Result<bool, ObserveError> {
        stands(&mut self.runner, shim).await
    }

    /// Whether there was one at the base.
    pub async fn had_shim(&mut self, shim: &ShimName) -> Result<bool, ObserveError> {
        stands(&mut self.base_reader, shim).await
    }

    /// What there is now of tables, columns, indexes and constraints that was not there at the base.
    /// Partitions are left out: they have the columns and constraints of their parents.
    pub async fn made(&mut self) -> Result<Vec<Made>, ObserveError> {
        let mut was: BTreeMap<i64, i16> = BTreeMap::new();
        let columns = "SELECT attrelid::int8, max(attnum) FROM pg_attribute \
            WHERE attrelid >= 16384 AND attnum > 0 GROUP BY attrelid";
        for row in sqlx::query(columns)
            .fetch_all(&mut self.base_reader)
            .await?
        {
            was.insert(row.get(0), row.get(1));
        }
        let rows = sqlx::query(MADE)
            .bind(i64::from(self.old_below.0))
            .fetch_all(&mut self.runner)
            .await?;
        let mut made = Vec::new();
        for row in rows {
            let (table, number): (i64, i16) = (row.get("table_oid"), row.get("number"));
            if number > 0 && was.get(&table).is_some_and(|last| number <= *last) {
                continue;
            }
            let kind = match row.get::<&str, _>("kind") {
                "table" => MadeKind::Table,
                "column" => MadeKind::Column,
                "index" => MadeKind::Index,
                _ => MadeKind::Constraint,
            };
            let oid = |column| u32::try_from(row.get::<i64, _>(column)).map_or(Oid(0), Oid);
            made.push(Made {
                kind,
                oid: oid("oid"),
                table: QualifiedName::new(
                    row.get::<&str, _>("schema"),
                    row.get::<&str, _>("table"),
                ),
                table_oid: oid("table_oid"),
                name: Ident::new(row.get::<&str, _>("name")),
            });
        }
        Ok(made)
    }
}

async fn stands(connection: &mut PgConnection, shim: &ShimName) -> Result<bool, ObserveError> {
    let column = match shim {
        ShimName::Table(_) => None,
        ShimName::Column(_, column) => Some(column.as_str()),
    };
    let table = shim.table();
    let stands = sqlx::query_scalar(STANDING)
        .bind(table.schema.as_str())
        .bind(table.name.as_str())
        .bind(column)
        .fetch_one(connection)
        .await?;
    Ok(stands)
}
