//! A schema that the previous release uses is dropped.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A schema that the previous release uses is dropped.
pub(super) const RULE: Rule = Rule {
    code: "N007",
    name: "drop-schema",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a schema that the previous release uses is dropped",
    why: "Everything in the schema goes: statements of the previous release fail with SQLSTATE \
          42P01, 42704 or 42883. CASCADE also takes what depends on it in other schemas, without \
          naming it in the file.",
    instead: "Drop the objects one by one, each one release after the app has stopped using it, \
              and the empty schema last, without CASCADE.\n\n\
              ```sql\n\
              DROP TABLE shop.carts;\n\
              DROP SCHEMA shop;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (step, it) in case.dropped() {
        if it.class != class::SCHEMA || !it.is_old {
            continue;
        }
        let hit = Hit::at_step(Some(step), format!("schema {} is dropped", it.identity));
        hits.push(match case.also_dropped(Some(step)) {
            Some(note) => hit.note(note),
            // Nothing that it could break is in there; a search_path may still name it.
            None => hit.warning(),
        });
    }
    hits
}
