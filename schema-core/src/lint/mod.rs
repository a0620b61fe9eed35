//! What loses data, blocks the app, or does not run as one thinks.

mod drops;
mod fix;
pub mod history;
mod naming;
mod rules;
mod stats;
pub mod structs;
mod work;
mod writes;

/// Rules about a loss that is also a break of the previous release (N002, N057, N001): one finding
/// is enough where the gate is asked too.
pub const SAID_BY_GATE: [&str; 3] = ["L006", "L008", "L010"];

pub use naming::Naming;
pub(crate) use naming::check as check_names;
pub use rules::{DOES_NOT_RUN, NAME, RULES, UNUSED_NOLINT};
pub use stats::{Stats, StatsError, TableStats};
