//! A row of the history table.

use std::time::Duration;

use jiff::Timestamp;

use crate::directory::{Hash, Version};

/// Who writes the rows.
pub(super) const OPERATOR: &str = concat!("cargo-migrate v", env!("CARGO_PKG_VERSION"));

/// What follows the operator of a row that was skipped, before the environment.
const SKIPPED_ON: &str = "; skipped on ";

/// How the error of a file begins that waits for the next deployment.
const WAITS: &str = "deferred by cargo migrate to the next deployment: ";

/// The same while the deployment that put it off is under way; it stays if that one fails.
const PUT_OFF: &str = "deferred by cargo migrate in a deployment that is not at its end: ";

/// What the history says about one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The version.
    pub version: Version,
    /// What the file name says after the version.
    pub description: String,
    /// How the row came to be.
    pub kind: RevisionKind,
    /// How many statements are executed.
    pub applied: usize,
    /// How many there are.
    pub total: usize,
    /// When the row was last written.
    pub executed_at: Timestamp,
    /// How long the execution took.
    pub execution_time: Duration,
    /// The error of the last attempt.
    pub error: Option<String>,
    /// The statement that failed.
    pub error_statement: Option<String>,
    /// The chain hash up to the end of the file; empty for a baseline.
    pub hash: Hash,
    /// The chain hashes of the executed statements, while the file is half done.
    pub partial_hashes: Vec<Hash>,
    /// The tool that wrote the row; behind it the environment that a skipped file is not for.
    pub operator: String,
}

/// How a row came to be: a set of bits, as Atlas keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevisionKind(pub i64);

impl RevisionKind {
    /// The database was adopted at this version.
    pub const BASELINE: Self = Self(1);
    /// The file was executed.
    pub const EXECUTED: Self = Self(2);
    /// Somebody said so, or the file is not for this environment.
    pub const RESOLVED: Self = Self(4);

    /// Whether all bits of `other` are set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// How far a version is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Tried, and nothing of it stayed.
    Attempted,
    /// Put off to a later deployment.
    Deferred,
    /// Some statements are executed.
    Partial,
    /// Done, or said to be.
    Finished,
}

/// Until when a file waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferral {
    /// The deployment that put it off has not come to its end: whoever goes on with that
    /// deployment does not take it up.
    Open,
    /// That deployment is done, and the next takes it up.
    Settled,
}

impl Deferral {
    /// What the row of a file says that waits.
    pub(super) fn text(self, reason: &str) -> String {
        let begin = match self {
            Self::Open => PUT_OFF,
            Self::Settled => WAITS,
        };
        format!("{begin}{reason}")
    }
}

impl Revision {
    pub(super) fn progress(&self) -> Progress {
        if self.kind.has(RevisionKind::RESOLVED) || self.applied >= self.total {
            Progress::Finished
        } else if self.applied > 0 {
            Progress::Partial
        } else if self.deferral().is_some() {
            Progress::Deferred
        } else {
            Progress::Attempted
        }
    }

    /// Whether something of the file stays in the database, or is said to.
    pub(super) fn is_recorded(&self) -> bool {
        matches!(self.progress(), Progress::Partial | Progress::Finished)
    }

    /// Whether statements of the file ran, all of them.
    pub(super) fn is_executed(&self) -> bool {
        self.progress() == Progress::Finished && self.kind.has(RevisionKind::EXECUTED)
    }

    /// Until when the file waits, and why; `None` for a file that does not.
    pub fn deferral(&self) -> Option<(Deferral, &str)> {
        let error = self.error.as_deref().filter(|_| self.applied == 0)?;
        let settled = error.strip_prefix(WAITS);
        let settled = settled.map(|reason| (Deferral::Settled, reason));
        settled.or_else(|| {
            let reason = error.strip_prefix(PUT_OFF)?;
            Some((Deferral::Open, reason))
        })
    }

    /// The environment on which the file was skipped; `None` where it was not.
    pub fn skipped_on(&self) -> Option<&str> {
        let (_, environment) = self.operator.split_once(SKIPPED_ON)?;
        Some(environment)
    }

    /// What a row says about the tool when we write it.
    pub(super) fn signature(&self) -> String {
        self.skipped_on()
            .map_or_else(|| OPERATOR.to_owned(), skipped_by)
    }
}

/// The operator of the row of a file that is not for this environment.
pub(super) fn skipped_by(environment: &str) -> String {
    format!("{OPERATOR}{SKIPPED_ON}{environment}")
}
