//! A statement that the previous release builds for a table fails.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A statement that the previous release builds for a table fails.
pub(super) const RULE: Rule = Rule {
    code: "N081",
    name: "old-statement-fails",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a statement that the previous release builds for a table fails",
    why: "SELECT, INSERT, UPDATE and DELETE with the columns that the previous release knows can \
          be planned at the base, and cannot any more, or give other types.",
    instead: "Keep the table as the previous release knows it, and take away what is not needed \
              one release later.\n\n\
              ```sql\n\
              ALTER TABLE users ADD COLUMN full_name text;\n\
              ```",
    check: Check::Elsewhere,
};
