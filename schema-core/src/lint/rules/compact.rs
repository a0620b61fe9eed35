//! A table is written anew by VACUUM FULL or CLUSTER.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table is written anew by VACUUM FULL or CLUSTER.
pub(super) const RULE: Rule = Rule {
    code: "B018",
    name: "vacuum-full",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a table is written anew by VACUUM FULL or CLUSTER",
    why: "VACUUM FULL and CLUSTER write the table and all of its indexes anew under an ACCESS \
          EXCLUSIVE lock, and need the room for a copy meanwhile.",
    instead: "Use pg_repack or pg_squeeze, which hold that lock for a moment only; a plain VACUUM \
              needs none.\n\
              \n\
              ```sql\n\
              -- atlas:txmode none\n\
              VACUUM (ANALYZE) orders;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Compact => Some(format!(
            "table {} is written anew by VACUUM FULL or CLUSTER",
            work.table
        )),
        _ => None,
    })
}
