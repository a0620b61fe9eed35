//! A column that the previous release reads as never NULL may be NULL.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A column that the previous release reads as never NULL may be NULL.
pub(super) const RULE: Rule = Rule {
    code: "N037",
    name: "drop-not-null",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a column that the previous release reads as never NULL may be NULL",
    why: "Once somebody writes NULL, the previous release cannot read the row: a field that is \
          not an `Option` fails to decode. PostgreSQL does not tell, and nothing fails until \
          then.",
    instead: "Let the app read the column as an `Option` in this release, and let it be NULL in \
              the next one.\n\n\
              ```sql\n\
              -- release N+1\n\
              ALTER TABLE users ALTER COLUMN email DROP NOT NULL;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (pair, step) in case.changed_columns(|it| it.not_null) {
        let covered = case.covers_column(&pair.table(), &pair.old.name);
        if pair.now.forbids_null(pair.new) || covered {
            continue;
        }
        hits.push(
            pair.hit(step, "may be NULL")
                .fix(pair.alter("SET NOT NULL")),
        );
    }
    hits
}
