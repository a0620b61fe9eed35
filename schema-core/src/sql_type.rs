//! Which Rust type is which SQL type.
