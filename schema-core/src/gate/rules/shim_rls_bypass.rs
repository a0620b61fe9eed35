//! A view stands in for a table with row security, and bypasses it.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::plan::shim::SECURITY_INVOKER;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A view stands in for a table with row security, and bypasses it.
pub(super) const RULE: Rule = Rule {
    code: "N051",
    name: "shim-rls-bypass",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a view stands in for a table with row security, and bypasses it",
    why: "A view reads and writes with the rights of its owner, to whom row security does not \
          apply: the previous release sees, and may change, every row. `security_invoker` \
          (PostgreSQL 15 and newer) makes the view ask as the one who queries.",
    instead: "Make the view with `security_invoker`. Before PostgreSQL 15 a table with row \
              security cannot have a shim.\n\n\
              ```sql\n\
              CREATE VIEW users WITH (security_invoker = true) AS SELECT id, name, email FROM people;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (pair, now, view) in case.shims() {
        let guarded = pair.base.row_security || now.row_security;
        if guarded && !view.is_security_invoker() {
            let name = pair.name();
            let step = case.commanded(class::RELATION, view.oid);
            let title = format!(
                "view {name} bypasses the row security of {}",
                now.qualified()
            );
            let hit = Hit::new(step, &name, title);
            hits.push(if case.all.major >= SECURITY_INVOKER {
                hit.fix(format!("ALTER VIEW {name} SET (security_invoker = true);"))
            } else {
                hit
            });
        }
    }
    hits
}
