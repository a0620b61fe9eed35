//! A new column is of type json, which has no equality.

use crate::diagnostic::Severity;
use crate::observe::Oid;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A new column is of type json, which has no equality.
pub(super) const RULE: Rule = Rule {
    code: "N046",
    name: "add-json",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a new column is of type json, which has no equality",
    why: "SELECT DISTINCT, UNION and GROUP BY over all columns of the table fail with SQLSTATE \
          42883 (undefined_function: could not identify an equality operator for type json).",
    instead: "Use jsonb.\n\n\
              ```sql\n\
              ALTER TABLE users ADD COLUMN settings jsonb;\n\
              ```",
    check: Check::Contract(check),
};

/// `json` and `json[]`.
const JSON: [Oid; 2] = [Oid(114), Oid(199)];

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now, column) in case.new_columns() {
        if !JSON.contains(&column.type_oid) {
            continue;
        }
        let name = base.qualified();
        let number = column.number;
        let step = case.blame_relation(base.oid, |it| it.column(number).is_some());
        let title = format!(
            "new column {} of table {name} is of type {}",
            column.name, column.data_type
        );
        let jsonb = column.data_type.replace("json", "jsonb");
        let (table, column) = (now.qualified(), &column.name);
        let fix = format!("ALTER TABLE {table} ADD COLUMN {column} {jsonb};");
        hits.push(Hit::new(step, &name, title).fix(fix));
    }
    hits
}
