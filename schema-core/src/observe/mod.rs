//! What migration files do to a database that has rows in it.

pub mod rows;
