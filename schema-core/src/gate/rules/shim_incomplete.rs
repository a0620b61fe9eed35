//! A view stands in for a table, but not for all of it.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic, TypeChange};

/// A view stands in for a table, but not for all of it.
pub(super) const RULE: Rule = Rule {
    code: "N053",
    name: "shim-incomplete",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a view stands in for a table, but not for all of it",
    why: "Statements of the previous release fail with SQLSTATE 42703 (undefined_column) where \
          the view lacks a column, with 55000 or 0A000 where it computes one that they write, \
          and read other rows where it has a condition.",
    instead: "List every column of the old table, under its old name and without an expression, \
              and no condition.\n\n\
              ```sql\n\
              CREATE VIEW users WITH (security_invoker = true) AS SELECT id, full_name AS name, email FROM people;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (pair, now, view) in case.shims() {
        let name = pair.name();
        let step = case.commanded(class::RELATION, view.oid);
        for old in &pair.base.columns {
            let column = &old.name;
            if !case.contract.uses_column(&name, column) {
                continue;
            }
            let serves = |it| TypeChange::of(old, it).is_none_or(|it| it == TypeChange::Wider);
            let what = match view.column_named(column) {
                None => "does not have",
                Some(it) if !serves(it) => "has another type for",
                Some(it) if !it.updatable && old.generated.is_empty() && view.updatable != 0 => {
                    "cannot write"
                }
                Some(it) if it.default.is_some() && it.default != old.default => {
                    "has another default for"
                }
                Some(_) => continue,
            };
            let title =
                format!("view {name} {what} column {column} of the table that it stands in for");
            hits.push(case.with_shim(Hit::new(step, &name, title), &pair, now));
        }
        // As PostgreSQL spells every query of a view.
        if view
            .view
            .as_ref()
            .is_some_and(|it| it.contains("\n  WHERE "))
        {
            let title =
                format!("view {name} does not show every row of the table that it stands in for");
            hits.push(case.with_shim(Hit::new(step, &name, title), &pair, now));
        }
    }
    hits
}
