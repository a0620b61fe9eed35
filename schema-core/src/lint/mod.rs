//! What loses data, blocks the app, or does not run as one thinks.

pub mod history;
mod rules;
mod stats;
mod work;

pub use rules::{RULES, UNUSED_NOLINT};
pub use stats::{Stats, StatsError, TableStats};
