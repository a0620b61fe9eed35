//! A table moves to another schema, and nothing stands in for it.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A table moves to another schema, and nothing stands in for it.
pub(super) const RULE: Rule = Rule {
    code: "N005",
    name: "move-schema",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a table moves to another schema, and nothing stands in for it",
    why: "Statements of the previous release that name the old schema fail with SQLSTATE 42P01 \
          (undefined_table); those without a schema fail too, unless the new schema is on the \
          search_path of every session.",
    instead: "Leave a view in the old schema, made in the same transaction.\n\n\
              ```sql\n\
              ALTER TABLE users SET SCHEMA accounts;\n\
              CREATE VIEW public.users WITH (security_invoker = true) AS SELECT id, name, email FROM accounts.users;\n\
              GRANT SELECT, INSERT, UPDATE, DELETE ON public.users TO app;\n\
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
        if now.schema == base.schema || pair.shim().is_some() {
            continue;
        }
        let step = case.blame_relation(base.oid, |it| it.schema.clone());
        if case.renames_schema(step) {
            continue;
        }
        let name = pair.name();
        let title = format!("table {name} moves to {}", now.qualified());
        hits.push(case.with_shim(Hit::new(step, &name, title), &pair, now));
    }
    hits
}
