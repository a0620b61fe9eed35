//! Directory to database.
//!
//! [`apply`] runs what is [`pending`] and keeps a history that Atlas can read too; [`status`]
//! tells where a database stands; [`replay`] runs files on a dev database, where nothing is
//! recorded.

mod error;
mod execute;
mod failure;
mod foreign;
mod history;
mod leftover;
mod lock;
mod locked;
mod observer;
mod pending;
mod refusal;
mod replay;
mod revision;
mod run;
mod session;
mod set;
mod siphash;
mod standing;
mod status;
mod takeover;

pub use error::ApplyError;
#[cfg(feature = "engine")]
pub(crate) use execute::is_in_transaction;
pub use failure::{ServerError, StatementFailure};
pub use foreign::{
    FormerHistory, FormerRow, FormerTable, Predecessor, former_history, former_tables,
};
pub use locked::Locked;
pub use observer::{Event, Observer, Silent};
pub use pending::{Limit, Pending, PendingOptions, Step, pending};
pub use refusal::Refusal;
#[cfg(feature = "engine")]
pub(crate) use replay::{RESET, execute};
pub use replay::{ReplayError, replay};
pub use revision::{Revision, RevisionKind};
pub use run::{AppliedFile, ApplyOptions, ApplyReport, apply};
pub use set::{SetError, SetFile, SetOptions, SetReport, SetStatement, set};
pub use standing::{recorded, standing};
pub use status::{State, Status, Time, VersionStatus, compare, status};
pub use takeover::{Checksum, TakenFile, Takeover, TakeoverError};
