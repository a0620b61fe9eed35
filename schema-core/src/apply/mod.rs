//! Directory to database.
