//! Directory to database.
//!
//! [`apply`] runs what is [`pending`] and keeps a history that Atlas can read too; [`status`]
//! tells where a database stands; [`replay`] runs files on a dev database, where nothing is
//! recorded.

mod defer;
mod error;
mod execute;
mod failure;
mod history;
mod leftover;
mod lock;
mod observer;
mod pending;
mod phases;
mod refusal;
mod replay;
mod revision;
mod run;
mod session;
mod set_up;
mod status;

pub use error::ApplyError;
#[cfg(feature = "engine")]
pub(crate) use execute::is_in_transaction;
pub use failure::{ServerError, StatementFailure};
pub use observer::{Event, Observer, Silent};
pub use pending::{ExecOrder, Limit, Pending, PendingOptions, Step, pending};
pub use phases::{Deferred, split};
pub use refusal::{Hindrance, Refusal};
#[cfg(feature = "engine")]
pub(crate) use replay::{RESET, execute};
pub use replay::{ReplayError, replay};
pub use revision::{Deferral, Revision, RevisionKind};
pub use run::{AppliedFile, ApplyOptions, ApplyReport, DeferredFile, apply};
pub use status::{Outlook, State, Status, Time, VersionStatus, compare, status};
