//! Why there is no review.

use crate::observe::ObserveError;

/// Why there is no review.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReviewError {
    /// The new migrations could not be rehearsed.
    #[error(transparent)]
    Observe(#[from] ObserveError),
}
