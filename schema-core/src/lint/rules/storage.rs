//! A table is written anew to another place or in another format.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table is written anew to another place or in another format.
pub(super) const RULE: Rule = Rule {
    code: "B019",
    name: "storage",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a table is written anew to another place or in another format",
    why: "SET TABLESPACE, SET ACCESS METHOD, SET LOGGED and SET UNLOGGED write or copy the \
          whole table under an ACCESS EXCLUSIVE lock.",
    instead: "Use pg_repack with --tablespace, or make a new table as it should be, keep it in \
              step and swap names; or do it in a maintenance window and say so with a nolint.\n\
              \n\
              ```sql\n\
              -- migrate:nolint B019 announced for Sunday, 04:00\n\
              ALTER TABLE orders SET TABLESPACE fast;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Storage => Some(format!(
            "table {} is written anew to another place or in another format",
            work.table
        )),
        _ => None,
    })
}
