//! A new column has to be given by every INSERT, and the previous release does not know it.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A new column has to be given by every INSERT, and the previous release does not know it.
pub(super) const RULE: Rule = Rule {
    code: "N009",
    name: "add-required-column",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a new column has to be given by every INSERT, and the previous release does not know it",
    why: "Every INSERT of the previous release fails with SQLSTATE 23502 (not_null_violation), \
          because it leaves the column out and there is no default; 23514 where a check demands \
          a value. On a table with rows the ALTER TABLE itself fails.",
    instead: "Give the column a constant default, or let it be NULL until every machine writes \
              it.\n\n\
              ```sql\n\
              -- release N: no rewrite, since the default is a constant\n\
              ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free';\n\
              -- release N+1, if it is to go\n\
              ALTER TABLE users ALTER COLUMN plan DROP DEFAULT;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now, column) in case.new_columns() {
        let name = base.qualified();
        // The trigger of a live shim fills it; whether it does, the rows of the old release tell.
        if !now.demands(column) || case.covers_columns_of(&name) {
            continue;
        }
        let number = column.number;
        let step = case.blame_relation(base.oid, |it| {
            it.column(number).map(|column| it.forbids_null(column))
        });
        let title = format!(
            "new column {} of table {name} has to be given by every INSERT",
            column.name
        );
        let table = now.qualified();
        let mut fix = format!(
            "ALTER TABLE {table} ALTER COLUMN {} DROP NOT NULL;",
            column.name
        );
        if let Some(check) = now.null_checks(column).next() {
            fix = format!("ALTER TABLE {table} DROP CONSTRAINT {};", check.name);
        }
        hits.push(Hit::new(step, &name, title).fix(fix));
    }
    hits
}
