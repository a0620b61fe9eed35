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

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::ident::QualifiedName;

/// Which tables were given rows, and which could not be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// How many rows each table got.
    pub rows: BTreeMap<QualifiedName, usize>,
    /// Tables without rows, and why, mostly as PostgreSQL says it.
    pub empty: BTreeMap<QualifiedName, String>,
}

/// Why rows could not be made. That a table takes none is no error, but
/// in [`Population::empty`].
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
