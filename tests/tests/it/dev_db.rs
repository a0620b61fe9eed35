//! Tests: dev_db.
