//! Why a state could not be computed, or a plan not be proved.

use super::{Refused, RowError, RunError};
use crate::apply::ReplayError;
use crate::dev_db::DevDbError;
use crate::diagnostic::Finding;
use crate::introspect::IntrospectError;
use crate::plan::PlanError;

/// Why a state could not be computed, or a plan not be proved.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The dev database failed.
    #[error(transparent)]
    DevDb(#[from] DevDbError),
    /// The migrations that exist do not run.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The catalogs cannot be read.
    #[error(transparent)]
    Introspect(#[from] IntrospectError),
    /// There is no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The schema of the structs cannot be made.
    #[error("PostgreSQL refuses what the structs say")]
    Schema(#[source] Box<Refused>),
    /// Objects of the source cannot be made, or are not what it expects.
    #[error("PostgreSQL does not make what the source says: {}", .0.iter().map(|it| it.title.as_str()).collect::<Vec<_>>().join("; "))]
    Sources(Vec<Finding>),
    /// The plan does not run on the current state.
    #[error("the plan does not run on the current state")]
    PlanFails(#[source] Box<Refused>),
    /// The plan runs, but gives something else than the structs say.
    #[error("the plan does not give what the structs say; left over: {}", .0.join("; "))]
    LeftOver(Vec<String>),
    /// A declared row cannot be.
    #[error(transparent)]
    Row(Box<RowError>),
    /// The statements about rows do not run on the rows that the migrations make.
    #[error("the rows that the migrations make cannot become those that are declared")]
    RowsFail(#[source] Box<Refused>),
    /// They run, but the rows are not those that are declared.
    #[error("the rows do not become those that are declared; left over: {}", .0.join("; "))]
    RowsLeftOver(Vec<String>),
    /// The cache cannot be written.
    #[error("the cache of the dev database cannot be written")]
    Cache(#[from] std::io::Error),
    /// The connection to the dev database failed.
    #[error("the dev database failed")]
    Connection(#[source] sqlx::Error),
}

impl From<RowError> for StateError {
    fn from(error: RowError) -> Self {
        Self::Row(Box::new(error))
    }
}

impl StateError {
    /// A failed run, with what it was for where PostgreSQL refused a statement.
    pub(super) fn of_run(error: RunError, what: fn(Box<Refused>) -> Self) -> Self {
        match error {
            RunError::Refused(refused) => what(Box::new(refused)),
            RunError::Connection(error) => Self::Connection(error),
        }
    }
}
