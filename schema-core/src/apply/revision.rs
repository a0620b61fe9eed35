//! A row of the history table.

use std::time::Duration;

use jiff::Timestamp;

use crate::directory::{Hash, Version};

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
    /// The tool that wrote the row.
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
    /// Some statements are executed.
    Partial,
    /// Done, or said to be.
    Finished,
}

impl Revision {
    pub(super) fn progress(&self) -> Progress {
        if self.kind.has(RevisionKind::RESOLVED) || self.applied >= self.total {
            Progress::Finished
        } else if self.applied == 0 {
            Progress::Attempted
        } else {
            Progress::Partial
        }
    }
}
