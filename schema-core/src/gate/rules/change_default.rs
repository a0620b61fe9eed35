//! A default changes under the previous release.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A default changes under the previous release.
pub(super) const RULE: Rule = Rule {
    code: "N017",
    name: "change-default",
    topic: Topic::PreviousRelease,
    severity: Severity::Warning,
    title: "a default changes under the previous release",
    why: "INSERTs of the previous release that leave the column out silently write another \
          value. Nothing fails, so no test and no probe tells.",
    instead: "Make sure that the previous release can read the new value; if it cannot, write it \
              from the app, and change the default one release later.\n\n\
              ```sql\n\
              -- release N+1\n\
              ALTER TABLE users ALTER COLUMN status SET DEFAULT 'pending';\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (pair, step) in case.changed_columns(|it| it.default.clone()) {
        let (Some(old), Some(new)) = (&pair.old.default, &pair.new.default) else {
            continue;
        };
        // The same value is spelled otherwise for another type.
        let retyped = pair.old.data_type != pair.new.data_type;
        let generated = !pair.old.generated.is_empty() || !pair.new.generated.is_empty();
        let same_sequence = || {
            case.pairs().any(|it| {
                it.base.kind == 'S'
                    && old.contains(it.base.name.as_str())
                    && it.now.is_some_and(|now| new.contains(now.name.as_str()))
            })
        };
        if retyped || generated || same_sequence() {
            continue;
        }
        let title = format!("has the default {new} instead of {old}");
        hits.push(pair.hit(step, title));
    }
    hits
}
