//! The steps of a review, and how each of them ended.

use std::time::Instant;

use schema_core::lint::DOES_NOT_RUN;
use schema_core::review::{Judged, rule};
use schema_core::rule::Topic;

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::since;

/// A step, in the order of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// The hash chain and the directives.
    Validate,
    /// The order against the base branch.
    Ordering,
    /// Structs against migrations.
    Check,
    /// The new migrations by themselves.
    Lint,
    /// The new migrations against the previous release.
    Gate,
}

/// How a step ended.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// It was done.
    Done,
    /// There was nothing to do, and why.
    NotNeeded(&'static str),
    /// It was not tried, because of another step.
    Skipped(&'static str),
    /// It could not be done.
    Failed(Failure),
}

/// A step that is over.
#[derive(Clone, Debug)]
pub(crate) struct StepResult {
    /// Which.
    pub(crate) step: Step,
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// How long it took, in milliseconds.
    pub(crate) ms: f64,
}

impl Step {
    /// Its name in reports.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Ordering => "ordering",
            Self::Check => "check",
            Self::Lint => "lint",
            Self::Gate => "gate",
        }
    }

    /// Whether a finding is of this step. That a statement does not run is the finding of all that
    /// would have looked at what it does.
    pub(crate) fn owns(self, judged: &Judged) -> bool {
        let code = judged.finding.code;
        if code == DOES_NOT_RUN.code {
            return matches!(self, Self::Lint | Self::Gate);
        }
        let owner = match rule(code).map(|rule| rule.topic) {
            Some(Topic::History) => Self::Ordering,
            Some(Topic::Structs) => Self::Check,
            Some(Topic::PreviousRelease | Topic::Gate) => Self::Gate,
            Some(Topic::DataLoss | Topic::Blocking | Topic::Running | Topic::Convention) => {
                Self::Lint
            }
            // What the compiler has recorded, and PostgreSQL does not take.
            None if code.starts_with('S') => Self::Check,
            None => Self::Validate,
        };
        self == owner
    }
}

impl StepResult {
    /// A step that began at an instant and is over now.
    pub(super) fn since(start: Instant, step: Step, outcome: Outcome) -> Self {
        Self {
            step,
            outcome,
            ms: since(start),
        }
    }

    /// Whether it was done, or did not have to be.
    pub(crate) fn is_done(&self) -> bool {
        matches!(self.outcome, Outcome::Done | Outcome::NotNeeded(_))
    }

    /// Why it could not be done, or had not to be.
    pub(crate) fn reason(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Done => None,
            Outcome::NotNeeded(reason) | Outcome::Skipped(reason) => Some(reason),
            // Cargo has told the user already.
            Outcome::Failed(failure) if failure.message.is_empty() => Some("the build failed"),
            Outcome::Failed(failure) => Some(&failure.message),
        }
    }

    /// The exit code of what kept it from being done.
    pub(super) fn exit(&self) -> Option<Exit> {
        match &self.outcome {
            Outcome::Failed(failure) => Some(failure.exit),
            Outcome::Done | Outcome::NotNeeded(_) | Outcome::Skipped(_) => None,
        }
    }
}
