//! Workflows that `ci init` writes, run as scripts.
