//! An index is built again while every write to its table waits.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// An index is built again while every write to its table waits.
pub(super) const RULE: Rule = Rule {
    code: "B003",
    name: "reindex",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "an index is built again while every write to its table waits",
    why: "REINDEX holds a SHARE lock on the table and an ACCESS EXCLUSIVE lock on the index \
          until the build is done: writes wait, and so does every query whose planner looks at \
          the index, which is every query of the table.",
    instead: "Build it again concurrently, in a file of its own, outside of a transaction.\n\
              \n\
              ```sql\n\
              -- atlas:txmode none\n\
              REINDEX INDEX CONCURRENTLY orders_customer_id_idx;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Reindex(index) => Some(format!(
            "index {} is built again while table {} is locked",
            index.name.name, work.table
        )),
        _ => None,
    })
}
