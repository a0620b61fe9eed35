//! A few rows in every table, so that a migration meets data and a probe has something to read.
//!
//! [`populate`] makes the rows; PostgreSQL finds values for checks and judges every row.

mod choose;
mod fill;
mod finish;
mod hint;
mod insert;
mod row;
pub mod shape;
mod solve;
pub mod value;

use std::collections::BTreeMap;

use sqlx::PgConnection;

use crate::ident::QualifiedName;

/// How many rows each table of a database got, and which got none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Population {
    /// Rows by table.
    pub rows: BTreeMap<QualifiedName, u32>,
    /// Tables in which no row could be put.
    pub unfilled: Vec<Unfilled>,
}

/// A table in which no row could be put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfilled {
    /// The table.
    pub table: QualifiedName,
    /// Why, mostly as PostgreSQL says it.
    pub reason: String,
}

/// Why rows could not be made. That a table takes none is no error, but [`Unfilled`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RowsError {
    /// The tables could not be read.
    #[error("the tables of the database could not be read")]
    Read(#[source] sqlx::Error),
    /// The answer of a catalog query has another form.
    #[error("the tables of the database were not understood")]
    Shape(#[source] serde_json::Error),
    /// The connection was lost.
    #[error("the connection was lost while rows were made for table {table}")]
    Connection {
        /// The table.
        table: QualifiedName,
        /// What the driver says.
        #[source]
        source: sqlx::Error,
    },
}

/// Puts a few rows into every table of a scratch database.
///
/// The rows satisfy all constraints. They are the same for the same database, and their values
/// vary: nulls, long texts and numbers below zero where the table takes them.
pub async fn populate(connection: &mut PgConnection) -> Result<Population, RowsError> {
    fill::fill(connection).await
}
