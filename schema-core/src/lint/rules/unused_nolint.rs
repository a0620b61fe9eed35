//! A `nolint` that silences nothing.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A `nolint` that silences nothing.
pub const RULE: Rule = Rule {
    code: "G010",
    name: "unused-nolint",
    topic: Topic::Gate,
    severity: Severity::Error,
    title: "a nolint directive silences nothing",
    why: "A directive that silences nothing hides what comes later, or was meant for another rule.",
    instead: "Take it away, or name the rule that it is meant for, with a reason.\n\n\
              ```sql\n\
              -- migrate:nolint B001 the table has ten rows\n\
              ```",
    check: Check::Elsewhere,
};
