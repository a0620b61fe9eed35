//! The index of a unique constraint is built while the table is locked.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// The index of a unique constraint is built while the table is locked.
pub(super) const RULE: Rule = Rule {
    code: "B007",
    name: "add-unique-blocking",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "the index of a unique constraint is built while the table is locked",
    why: "ADD UNIQUE holds an ACCESS EXCLUSIVE lock while it builds the index: reading and \
          writing wait until it is done.",
    instead: "Build the unique index concurrently, then let the constraint take it over, which \
              takes no time.\n\
              \n\
              ```sql\n\
              -- first file\n\
              -- atlas:txmode none\n\
              CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);\n\
              -- second file\n\
              ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Unique(constraint) => Some(format!(
            "the index of unique constraint {} is built under a {} lock on table {}",
            constraint.name, work.level, work.table
        )),
        _ => None,
    })
}
