//! Why the new migrations could not be rehearsed.

use super::rows::RowsError;
use crate::apply::ReplayError;
use crate::dev_db::DevDbError;
use crate::state::StateError;

/// Why the new migrations could not be rehearsed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ObserveError {
    /// The state at the base cannot be made.
    #[error(transparent)]
    Base(#[from] StateError),
    /// The dev database failed.
    #[error(transparent)]
    DevDb(#[from] DevDbError),
    /// The role of the dev server may not watch.
    #[error(
        "the role of the dev server may not create event triggers, which tell what a migration does"
    )]
    NotSuperuser,
    /// A new file does not run.
    #[error(transparent)]
    Migration(ReplayError),
    /// The tables of the base could not be given rows.
    #[error(transparent)]
    Rows(#[from] RowsError),
    /// The connection to the dev database failed.
    #[error("the dev database failed")]
    Connection(#[from] sqlx::Error),
    /// What the dev database told cannot be understood.
    #[error("what the dev database tells of a migration cannot be understood")]
    Reading(#[from] serde_json::Error),
}

impl ObserveError {
    /// What to do about it, where that is not plain from the message.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NotSuperuser => Some(
                "give --dev-url a superuser of a server for development, or leave it out: a server of our own is started then",
            ),
            Self::Migration(ReplayError::Split { .. }) => None,
            Self::Migration(_) => {
                Some("a migration has to run on the state that the base branch gives")
            }
            _ => None,
        }
    }
}
