//! A view that the previous release uses is dropped.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A view that the previous release uses is dropped.
pub(super) const RULE: Rule = Rule {
    code: "N028",
    name: "drop-view",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a view that the previous release uses is dropped",
    why: "Statements of the previous release on the view fail with SQLSTATE 42P01 \
          (undefined_table), or with 42703 (undefined_column) where it was made again without \
          some of its columns.",
    instead: "Take the view out of the app first, and drop it one release later. What replaces \
              it has to have its columns.\n\n\
              ```sql\n\
              -- release N+1\n\
              DROP VIEW active_users;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for pair in case
        .pairs()
        .filter(|it| it.base.is_view() && it.now.is_none())
    {
        let base = pair.base;
        if case.went_along(class::RELATION, base.oid, 0) || pair.is_continued() {
            continue;
        }
        let (name, kind) = (pair.name(), base.kind_word());
        let step = case.relation_dropped_by(base.oid);
        let hit = match pair.named {
            None => Hit::new(step, &name, format!("{kind} {name} is dropped")),
            Some(named) => {
                let title = format!("{kind} {name} is made again with other columns");
                let missing = pair.missing().map(|it| it.name.to_string());
                let missing = missing.collect::<Vec<_>>().join(", ");
                let note = format!(
                    "the {} lacks {missing}, or has another type",
                    named.kind_word()
                );
                Hit::new(step, &name, title).note(note)
            }
        };
        hits.push(hit.notes(case.also_dropped(step)));
    }
    hits
}
