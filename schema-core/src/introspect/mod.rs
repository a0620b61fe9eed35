//! Database to catalog.
