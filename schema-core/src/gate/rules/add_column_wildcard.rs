//! A new column shows up in SELECT * of the previous release.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A new column shows up in SELECT * of the previous release.
pub(super) const RULE: Rule = Rule {
    code: "N021",
    name: "add-column-wildcard",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a new column shows up in SELECT * of the previous release",
    why: "Live connections that have prepared `SELECT *` or `RETURNING *` fail with SQLSTATE \
          0A000 (cached plan must not change result type) after any new column; sqlx 0.8 never \
          recovers on such a connection. It is found where the statements of the previous \
          release are known.",
    instead: "Name the columns in the app's queries. Until no machine runs the wildcard, recycle \
              the connections after the migration.\n\n\
              ```sql\n\
              SELECT id, name, email FROM users WHERE id = $1;\n\
              ```",
    check: Check::Elsewhere,
};
