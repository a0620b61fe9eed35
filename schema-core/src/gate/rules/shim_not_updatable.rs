//! A view stands in for a table, but cannot be written.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A view stands in for a table, but cannot be written.
pub(super) const RULE: Rule = Rule {
    code: "N054",
    name: "shim-not-updatable",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a view stands in for a table, but cannot be written",
    why: "INSERT, UPDATE and DELETE of the previous release fail with SQLSTATE 55000 \
          (object_not_in_prerequisite_state): a view with DISTINCT, GROUP BY, a join, LIMIT or a \
          set operation is not automatically updatable. INSTEAD OF triggers do not help: such a \
          view has no defaults and no ON CONFLICT DO UPDATE.",
    instead: "Select the columns of one table, and nothing else.\n\n\
              ```sql\n\
              CREATE VIEW users WITH (security_invoker = true) AS SELECT id, name, email FROM people;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (pair, now, view) in case.shims() {
        // Update, insert, delete.
        let missing = [4, 8, 16].iter().any(|bit| view.updatable & bit == 0);
        if missing {
            let name = pair.name();
            let step = case.commanded(class::RELATION, view.oid);
            let title = format!("view {name} cannot be written as the table that it stands in for");
            hits.push(case.with_shim(Hit::new(step, &name, title), &pair, now));
        }
    }
    hits
}
