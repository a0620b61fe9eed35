//! An index that an earlier attempt left invalid may be kept.

use crate::diagnostic::Severity;
use crate::directory::words;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// An index that an earlier attempt left invalid may be kept.
pub(super) const RULE: Rule = Rule {
    code: "T038",
    name: "invalid-index",
    topic: Topic::Running,
    severity: Severity::Warning,
    title: "an index that an earlier attempt left invalid may be kept",
    why: "CREATE INDEX CONCURRENTLY leaves an INVALID index behind when it fails. The next \
          attempt with IF NOT EXISTS finds the name taken and does nothing: the index exists, \
          costs every write, and serves no query.",
    instead: "Drop what may be left over first, and build it without IF NOT EXISTS.\n\
              \n\
              ```sql\n\
              -- atlas:txmode none\n\
              DROP INDEX CONCURRENTLY IF EXISTS orders_customer_id_idx;\n\
              CREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut dropped = None;
    for (place, step) in steps.steps.iter().enumerate() {
        let words: Vec<String> = words(steps.text(step)).collect();
        let has = |all: &[&str]| words.windows(all.len()).any(|some| some == all);
        if has(&["drop", "index"]) {
            dropped = Some(step.file);
        }
        // An invalid index is not there in the rehearsal: only the text tells what would be done.
        let keeps = has(&["index", "concurrently", "if", "not", "exists"]);
        if keeps && dropped != Some(step.file) {
            let made = step.effects.commands.iter().find(|it| it.kind == "index");
            let name = made.map_or("an index", |it| &it.identity);
            hits.push(Hit::at_step(
                Some(place),
                format!("{name} is kept if an earlier attempt left it invalid"),
            ));
        }
    }
    hits
}
