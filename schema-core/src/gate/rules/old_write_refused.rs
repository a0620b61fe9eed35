//! A row as the previous release writes it is refused, or is not what it was.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A row as the previous release writes it is refused, or is not what it was.
pub(super) const RULE: Rule = Rule {
    code: "N082",
    name: "old-write-refused",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a row as the previous release writes it is refused, or is not what it was",
    why: "The gate writes rows as the previous release does, before and after the migration, in \
          transactions that are rolled back: one that was taken is refused now, with the \
          SQLSTATE that is told, or gives other rows.",
    instead: "Find the constraint, trigger or policy that refuses it, and demand it one release \
              later.\n\n\
              ```sql\n\
              ALTER TABLE users ALTER COLUMN nickname DROP NOT NULL;\n\
              ```",
    check: Check::Elsewhere,
};
