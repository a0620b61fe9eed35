//! One directory, many databases: tenants that have a database or a schema of their own.
//!
//! [`apply_to_all`] applies it to each as [`apply`](super::apply) does, so many at a time. What may
//! start when is decided by `queue`, which is pure; `attempt` is one target.

mod attempt;
mod queue;
mod run;
mod status;
mod stop;
mod target;

pub use run::{FleetEvent, FleetObserver, FleetOptions, Outcome, TargetReport, apply_to_all};
pub use status::status_of_all;
pub use stop::Stop;
pub use target::{FleetTarget, Place};
