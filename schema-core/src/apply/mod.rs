//! Directory to database.
//!
//! [`apply`] runs what is [`pending`] and keeps a history that Atlas can read too; [`status`]
//! tells where a database stands; [`replay`] runs files on a dev database, where nothing is
//! recorded. [`apply_to_all`] does it for many databases.

mod batch;
mod code;
mod defer;
mod error;
mod execute;
mod failure;
mod fault;
mod fleet;
mod foreign;
mod grants;
mod history;
mod leftover;
mod lock;
mod locked;
mod observer;
mod pending;
mod phases;
mod pooler;
mod privilege;
mod record;
mod refusal;
mod replay;
mod retry;
mod revision;
mod run;
mod session;
mod set;
mod set_up;
mod settings;
mod standing;
mod status;
mod takeover;
mod tls;
mod watch;
mod work;

pub use code::ErrorCode;
pub use error::ApplyError;
pub use execute::Transactions;
#[cfg(feature = "engine")]
pub(crate) use execute::is_in_transaction;
pub use failure::{ServerError, StatementFailure};
pub use fleet::{
    FleetEvent, FleetObserver, FleetOptions, FleetTarget, Outcome, Place, Stop, TargetReport,
    apply_to_all, status_of_all,
};
pub use foreign::{
    FormerHistory, FormerRow, FormerTable, Predecessor, former_history, former_tables,
};
pub use grants::{GapKind, GrantGap, grants};
pub use locked::Locked;
pub use observer::{Event, Observer, Silent};
pub use pending::{ExecOrder, Limit, Pending, PendingOptions, Step, pending};
pub use phases::{Deferred, split};
pub use pooler::PoolerSign;
pub use refusal::{Hindrance, Refusal};
#[cfg(feature = "engine")]
pub(crate) use replay::{RESET, execute};
pub use replay::{ReplayError, replay};
pub use revision::{Deferral, Revision, RevisionKind};
pub use run::{AppliedFile, ApplyOptions, ApplyReport, DeferredFile, apply};
pub use set::{SetError, SetFile, SetOptions, SetReport, SetStatement, set};
pub use standing::{recorded, standing};
pub use status::{Outlook, State, Status, Time, VersionStatus, compare, status};
pub use takeover::{Checksum, TakenFile, Takeover, TakeoverError};
pub use tls::connect;
