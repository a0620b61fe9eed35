//! A sequence is dropped: how far it counted is lost.

use crate::diagnostic::Severity;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A sequence is dropped: how far it counted is lost.
pub(super) const RULE: Rule = Rule {
    code: "L008",
    name: "drop-sequence-counter",
    topic: Topic::DataLoss,
    severity: Severity::Error,
    title: "a sequence is dropped: how far it counted is lost",
    why: "What the sequence has given out is stored nowhere else. One that is made again \
          begins at 1 and gives numbers that are taken.",
    instead: "Keep it until nothing counts by it any more, and write down how far it came.\n\
              \n\
              ```sql\n\
              SELECT last_value FROM invoice_number;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let dropped = step.effects.dropped.iter();
        for it in dropped.filter(|it| it.named && it.is_old && it.kind == "sequence") {
            let name = step.effects.before.relations.get(&it.object);
            let title = format!(
                "sequence {} is dropped: how far it counted is lost",
                it.identity
            );
            hits.push(match name {
                Some(sequence) => Hit::new(Some(place), &sequence.qualified(), title),
                None => Hit::at_step(Some(place), title),
            });
        }
    }
    hits
}
