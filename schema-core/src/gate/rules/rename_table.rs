//! A table is renamed, and nothing stands in under its old name.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A table is renamed, and nothing stands in under its old name.
pub(super) const RULE: Rule = Rule {
    code: "N004",
    name: "rename-table",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a table is renamed, and nothing stands in under its old name",
    why: "Every statement of the previous release on the table fails with SQLSTATE 42P01 \
          (undefined_table). A view under the old name that is made in the same transaction \
          serves SELECT, INSERT, UPDATE, DELETE, RETURNING, ON CONFLICT (columns) and FOR \
          UPDATE; sessions that wait for the rename find the view.",
    instead: "Leave a view under the old name, made in the same transaction as the rename: \
              `cargo migrate generate` writes it, with columns, grants and the directive that \
              names the issue.\n\n\
              ```sql\n\
              ALTER TABLE users RENAME TO people;\n\
              CREATE VIEW users WITH (security_invoker = true) AS SELECT id, name, email FROM people;\n\
              GRANT SELECT, INSERT, UPDATE, DELETE ON users TO app;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for pair in case.pairs() {
        let base = pair.base;
        let Some(now) = pair.now.filter(|_| base.is_table() || base.kind == 'f') else {
            continue;
        };
        if now.name == base.name || now.schema != base.schema || pair.shim().is_some() {
            continue;
        }
        let name = pair.name();
        let step = case.blame_relation(base.oid, |it| it.name.clone());
        let title = format!("table {name} is renamed to {}", now.qualified());
        let mut hit = case.with_shim(Hit::new(step, &name, title), &pair, now);
        if let Some(named) = pair.named {
            hit = hit.note(format!("{name} is another {} now", named.kind_word()));
        }
        hits.push(hit);
    }
    hits
}
