//! Deterministic topological order.
