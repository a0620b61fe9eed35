//! A column becomes generated, or is not generated any more.

use crate::diagnostic::Severity;
use crate::observe::Column;
use crate::rule::{Case, Check, ColumnReuse, Hit, Rule, Topic};

/// A column becomes generated, or is not generated any more.
pub(super) const RULE: Rule = Rule {
    code: "N039",
    name: "generated-expression",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a column becomes generated, or is not generated any more",
    why: "Writes of the previous release to a generated column fail with SQLSTATE 428C9 \
          (generated_always). A column that is not generated any more is NULL, or stale, for \
          whatever the previous release writes without naming it. One that is computed otherwise \
          (PostgreSQL 17 and newer) fails nothing, and is a warning.",
    instead: "Make a new column beside the old one, and drop the old one one release later.\n\n\
              ```sql\n\
              ALTER TABLE users ADD COLUMN name_length integer GENERATED ALWAYS AS (length(name)) STORED;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (pair, step) in case.changed_columns(|it| it.generated.clone()) {
        let what = match (pair.old.generated.is_empty(), pair.new.generated.is_empty()) {
            (true, false) => "becomes generated",
            (false, true) => "is not generated any more",
            // Stored or virtual.
            _ => continue,
        };
        hits.push(pair.hit(step, what));
    }
    let expression = |it: &Column| it.default.clone().filter(|_| !it.generated.is_empty());
    for (pair, step) in case.changed_columns(expression) {
        let same_name = |it: &Column| {
            pair.now
                .column(it.number)
                .is_none_or(|now| now.name == it.name)
        };
        // Under another name, a column of the expression is spelled otherwise.
        if let (Some(old), Some(new)) = (expression(pair.old), expression(pair.new))
            && pair.base.columns.iter().all(same_name)
        {
            let what = format!("is computed as {new} instead of {old}");
            hits.push(pair.hit(step, what).warning());
        }
    }
    for reuse in case.reused_columns().filter(ColumnReuse::becomes_generated) {
        let table = reuse.base.qualified();
        let title = format!(
            "column {} of table {table} becomes generated",
            reuse.old.name
        );
        hits.push(Hit::new(reuse.step, &table, title));
    }
    hits
}
