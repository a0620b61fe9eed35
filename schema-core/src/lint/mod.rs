//! What loses data, blocks the app, or does not run as one thinks.

mod rules;

pub use rules::{RULES, UNUSED_NOLINT};
