//! What is asked for: one of the checks of new migrations, or all.

use std::collections::BTreeSet;

use schema_core::rule::Topic;

use crate::cli::{CheckArgs, GateArgs, LintArgs, ReviewArgs};

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Task<'a> {
    /// The contract of the previous release.
    Gate(&'a GateArgs),
    /// The migrations by themselves.
    Lint(&'a LintArgs),
    /// Both, and whether structs and migrations agree.
    All(&'a CheckArgs),
}

impl<'a> Task<'a> {
    /// The command, as it is called.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Gate(_) => "gate",
            Self::Lint(_) => "lint",
            Self::All(_) => "check --all",
        }
    }

    /// What all of them take.
    pub(super) fn review(self) -> &'a ReviewArgs {
        match self {
            Self::Gate(args) => &args.review,
            Self::Lint(args) => &args.review,
            Self::All(args) => &args.gate.review,
        }
    }

    /// What the gate takes, where it is asked.
    pub(super) fn gate(self) -> Option<&'a GateArgs> {
        match self {
            Self::Gate(args) => Some(args),
            Self::Lint(_) => None,
            Self::All(args) => Some(&args.gate),
        }
    }

    /// Whether the order of new files is looked at, and not only what was changed.
    pub(super) fn minds_order(self) -> bool {
        !matches!(self, Self::Gate(_))
    }

    /// What the rules are about that are asked.
    pub(super) fn topics(self) -> BTreeSet<Topic> {
        let gate = [Topic::PreviousRelease, Topic::Gate];
        let lint = [
            Topic::DataLoss,
            Topic::Blocking,
            Topic::Running,
            Topic::History,
            Topic::Convention,
        ];
        match self {
            Self::Gate(_) => gate.into(),
            Self::Lint(_) => lint.into(),
            Self::All(_) => gate.into_iter().chain(lint).collect(),
        }
    }
}
