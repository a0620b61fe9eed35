//! A new migration that PostgreSQL refuses on the state of the base branch.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A new migration that PostgreSQL refuses on the state of the base branch.
pub const RULE: Rule = Rule {
    code: "T050",
    name: "does-not-run",
    topic: Topic::Running,
    severity: Severity::Error,
    title: "a new migration does not run on the state of the base branch",
    why: "The new files were run in their order on a database that stands where the base branch does, and \
          PostgreSQL refused this statement. What stands behind it was not looked at.",
    instead: "Correct the statement; a file that was hashed already is hashed again by `cargo migrate hash`. If it \
              needs something that the dev database lacks, name roles as `roles` in migrate.toml, and for an \
              extension give --dev-url a server that has it.",
    check: Check::Elsewhere,
};
