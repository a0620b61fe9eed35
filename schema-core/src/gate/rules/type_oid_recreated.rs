//! A type is dropped and made again under the same name.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A type is dropped and made again under the same name.
pub(super) const RULE: Rule = Rule {
    code: "N026",
    name: "type-oid-recreated",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a type is dropped and made again under the same name",
    why: "Live connections know types by their numbers: sqlx fails with `cache lookup failed for \
          type` (XX000) on every statement with the type until the connection is closed.",
    instead: "Change the type in place.\n\n\
              ```sql\n\
              ALTER TYPE order_status ADD VALUE 'refunded';\n\
              ALTER DOMAIN email DROP CONSTRAINT email_check;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for heir in case.types() {
        let (base, Some(named)) = (heir.base, heir.named) else {
            continue;
        };
        let lost = base
            .labels
            .iter()
            .any(|label| named.labels.iter().all(|it| it.label != label.label));
        // What lost labels is told for those.
        if named.oid == base.oid || lost {
            continue;
        }
        let name = base.qualified();
        let title = format!("type {name} is another one of the same name");
        hits.push(Hit::new(case.made_anew(&heir), &name, title));
    }
    hits
}
