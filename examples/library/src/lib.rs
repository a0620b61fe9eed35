//! A lending library: one struct for a table, for its names in queries, and for its rows.

pub mod books;
pub mod loans;
pub mod tables;

use schema_core::migrate::Migrator;

pub static MIGRATIONS: Migrator = schema_core::migrate!();
