//! Directory to database.
//!
//! [`apply`] runs what is [`pending`] and keeps a history that Atlas can read too; [`status`]
//! tells where a database stands; [`replay`] runs files on a dev database, where nothing is
//! recorded.

mod error;
mod execute;
mod failure;
mod grants;
mod history;
mod leftover;
mod lock;
mod observer;
mod pending;
mod pooler;
mod refusal;
mod replay;
mod revision;
mod run;
mod session;
mod status;
mod tls;

pub use error::ApplyError;
#[cfg(feature = "engine")]
pub(crate) use execute::is_in_transaction;
pub use failure::{ServerError, StatementFailure};
pub use grants::{GapKind, GrantGap, grants};
pub use observer::{Event, Observer, Silent};
pub use pending::{Limit, Pending, PendingOptions, Step, pending};
pub use pooler::PoolerSign;
pub use refusal::Refusal;
#[cfg(feature = "engine")]
pub(crate) use replay::{RESET, execute};
pub use replay::{ReplayError, replay};
pub use revision::{Revision, RevisionKind};
pub use run::{AppliedFile, ApplyOptions, ApplyReport, apply};
pub use status::{State, Status, Time, VersionStatus, compare, status};
pub use tls::connect;
