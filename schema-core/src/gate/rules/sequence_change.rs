//! A sequence of the previous release is dropped, restarted or changed.

use crate::diagnostic::Severity;
use crate::observe::{Sequence, class};
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A sequence of the previous release is dropped, restarted or changed.
pub(super) const RULE: Rule = Rule {
    code: "N057",
    name: "sequence-change",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a sequence of the previous release is dropped, restarted or changed",
    why: "nextval() of a dropped sequence fails with SQLSTATE 42P01 (undefined_table). A \
          sequence that begins again gives values that are taken: 23505 (unique_violation). One \
          that ends sooner fails with 2200H (sequence_generator_limit_exceeded).",
    instead: "Let the sequence go on where it is; drop it one release after the app has stopped \
              using it.\n\n\
              ```sql\n\
              SELECT setval('invoice_number', (SELECT max(number) FROM invoices));\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for pair in case.pairs() {
        let (base, Some(old)) = (pair.base, &pair.base.sequence) else {
            continue;
        };
        let name = pair.name();
        let Some(new) = pair
            .now
            .or(pair.named)
            .and_then(|now| now.sequence.as_ref())
        else {
            if !case.went_along(class::RELATION, base.oid, 0) {
                let step = case.relation_dropped_by(base.oid);
                let hit = Hit::new(step, &name, format!("sequence {name} is dropped"));
                // Nobody calls it by name; its column tells whether it still has a default.
                let hit = if old.is_owned { hit.warning() } else { hit };
                hits.push(hit.notes(case.also_dropped(step)));
            }
            continue;
        };
        let at = |it: &Sequence| it.last_value.saturating_mul(it.increment.signum());
        let what = if at(new) < at(old) {
            "begins again"
        } else if new.increment != old.increment {
            "counts in other steps"
        } else if new.max < old.max || new.min > old.min {
            "ends sooner"
        } else if new.cycle != old.cycle {
            if new.cycle {
                "turns round at its end"
            } else {
                "does not turn round any more"
            }
        } else {
            continue;
        };
        let step = case
            .blame_relation(base.oid, |it| it.sequence.clone())
            .or_else(|| case.relation_dropped_by(base.oid));
        hits.push(Hit::new(step, &name, format!("sequence {name} {what}")));
    }
    hits
}
