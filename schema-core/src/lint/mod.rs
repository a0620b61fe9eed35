//! The linter: order, data loss, blocking.

pub mod history;
mod stats;

pub use stats::{Stats, StatsError, TableStats};
