//! Why there is no review.

use crate::gate::old::OldError;
use crate::observe::ObserveError;

/// Why there is no review.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReviewError {
    /// The new migrations could not be rehearsed.
    #[error(transparent)]
    Observe(#[from] ObserveError),
    /// The statements of the previous release could not be tried.
    #[error(transparent)]
    Old(#[from] OldError),
}
