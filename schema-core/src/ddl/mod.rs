//! Typed statements, and the only place where SQL is spelled.
