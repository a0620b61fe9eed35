//! A column that the previous release uses is dropped.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A column that the previous release uses is dropped.
pub(super) const RULE: Rule = Rule {
    code: "N001",
    name: "drop-column",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a column that the previous release uses is dropped",
    why: "Every SELECT, INSERT and UPDATE of the previous release that names the column fails \
          with SQLSTATE 42703 (undefined_column). Statements that it has prepared as `SELECT *` \
          fail with 0A000 (cached plan must not change result type). The values are lost.",
    instead: "Take the column out of the app first, and drop it one release later, when no \
              machine runs code that names it: in the struct, mark the field \
              `#[column(deprecated)]` in release N and remove it in release N+1. The drop is a \
              contract step: it needs the approval label.\n\n\
              ```sql\n\
              -- release N: nothing\n\
              -- release N+1\n\
              ALTER TABLE users DROP COLUMN nickname;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now) in case.kept_tables() {
        let name = base.qualified();
        for column in &base.columns {
            let part = i32::from(column.number);
            let gone = now.column(column.number).is_none();
            // One of that name that came in its place is a case of its own.
            let replaced = now.column_named(&column.name).is_some();
            if !gone
                || replaced
                || !case.contract.uses_column(&name, &column.name)
                || case.went_along(class::RELATION, base.oid, part)
            {
                continue;
            }
            let step = case.dropped_by(class::RELATION, base.oid, part);
            let title = format!("column {} of table {name} is dropped", column.name);
            hits.push(Hit::new(step, &name, title).notes(case.also_dropped(step)));
        }
    }
    hits
}
