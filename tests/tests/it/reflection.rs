//! Tests: reflection.
