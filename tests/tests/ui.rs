//! Compile-time errors, as the user sees them.
