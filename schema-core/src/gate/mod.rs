//! The gate: what the previous release can no longer do.

use crate::diagnostic::{Finding, Severity};

/// A finding, and whether it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What was found.
    pub finding: Finding,
    /// Whether it counts.
    pub standing: Standing,
}

impl Judged {
    /// Whether the command fails for it.
    pub fn fails(&self) -> bool {
        self.finding.severity == Severity::Error
            && matches!(self.standing, Standing::Open | Standing::Approvable)
    }
}

/// Whether a finding counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    Open,
    /// It counts until a review lets it pass: a break that may be the contract phase.
    Approvable,
    /// A review has let it pass, on this ground.
    Approved(String),
    /// The file says not to report it, for this reason.
    Suppressed(String),
}
