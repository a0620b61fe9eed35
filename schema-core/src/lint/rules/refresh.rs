//! Nobody can read a materialized view while it is computed again.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// Nobody can read a materialized view while it is computed again.
pub(super) const RULE: Rule = Rule {
    code: "B020",
    name: "refresh-view",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "nobody can read a materialized view while it is computed again",
    why: "REFRESH MATERIALIZED VIEW holds an ACCESS EXCLUSIVE lock on the view for as long as \
          its query runs.",
    instead: "Refresh it concurrently, which needs a unique index on columns of the view.\n\
              \n\
              ```sql\n\
              REFRESH MATERIALIZED VIEW CONCURRENTLY daily_sales;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Refresh => Some(format!(
            "materialized view {} cannot be read until its query is done",
            work.table
        )),
        _ => None,
    })
}
