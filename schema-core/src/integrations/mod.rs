//! Rust types of other crates as column types, one feature each.
