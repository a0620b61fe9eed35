//! A migration of which it is not on record what it touches.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A migration of which it is not on record what it touches.
pub const RULE: Rule = Rule {
    code: "G015",
    name: "touched-not-recorded",
    topic: Topic::Gate,
    severity: Severity::Warning,
    title: "what a migration touches is not on record",
    why: "Where several releases are deployed at once, a contract migration waits for the next deployment, and what \
          comes behind it may go first if both have nothing in common. `migrate.touched` says so, beside atlas.sum. \
          Of a file that is not in it nobody knows, and such a deployment is refused before anything runs.",
    instead: "Run `cargo migrate gate` where the migration is written, and commit `migrate.touched` with it.\n\n\
              ```sh\n\
              cargo migrate gate              # the new migrations of this branch\n\
              cargo migrate gate --latest 5   # the last five files, whatever branch they came from\n\
              git add migrations/migrate.touched\n\
              ```\n\n\
              It is only needed for contract migrations and for what comes behind one.",
    check: Check::Elsewhere,
};
