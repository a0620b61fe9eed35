//! Directory to database.
//!
//! [`apply`] runs what is [`pending`] and keeps a history that Atlas can read too; [`status`]
//! tells where a database stands; [`replay`] runs files on a dev database, where nothing is
//! recorded. [`apply_to_all`] does it for many databases.

mod error;
mod execute;
mod failure;
mod fleet;
mod history;
mod leftover;
mod lock;
mod observer;
mod pending;
mod refusal;
mod replay;
mod revision;
mod run;
mod session;
mod status;

pub use error::ApplyError;
#[cfg(feature = "engine")]
pub(crate) use execute::is_in_transaction;
pub use failure::{ServerError, StatementFailure};
pub use fleet::{
    FleetEvent, FleetObserver, FleetOptions, FleetTarget, Outcome, Place, Stop, TargetReport,
    apply_to_all, status_of_all,
};
pub use observer::{Event, Observer, Silent};
pub use pending::{Limit, Pending, PendingOptions, Step, pending};
pub use refusal::Refusal;
#[cfg(feature = "engine")]
pub(crate) use replay::{RESET, execute};
pub use replay::{ReplayError, replay};
pub use revision::{Revision, RevisionKind};
pub use run::{AppliedFile, ApplyOptions, ApplyReport, apply};
pub use status::{State, Status, Time, VersionStatus, compare, status};
