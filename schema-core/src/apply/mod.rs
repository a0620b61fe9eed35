//! Directory to database.
//!
//! [`replay`] runs files on a dev database, where nothing is recorded.

mod failure;
mod observer;
mod replay;

pub use failure::{ServerError, StatementFailure};
pub use observer::{Event, Observer, Silent};
pub use replay::{ReplayError, replay};
