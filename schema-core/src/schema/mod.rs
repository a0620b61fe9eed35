//! The desired state as Rust says it.
