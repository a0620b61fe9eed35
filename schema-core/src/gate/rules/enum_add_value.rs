//! An enum gets a label that the previous release cannot read.

use crate::diagnostic::Severity;
use crate::ident::literal;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// An enum gets a label that the previous release cannot read.
pub(super) const RULE: Rule = Rule {
    code: "N025",
    name: "enum-add-value",
    topic: Topic::PreviousRelease,
    severity: Severity::Warning,
    title: "an enum gets a label that the previous release cannot read",
    why: "Nothing fails until the new label is written: then the previous release cannot decode \
          the row. PostgreSQL does not tell, because the label is data.",
    instead: "Add the label in this release and write it only in the next one, when every \
              machine can read it.\n\n\
              ```sql\n\
              -- release N\n\
              ALTER TYPE order_status ADD VALUE 'refunded';\n\
              -- release N+1: the app writes it\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for heir in case.types() {
        let Some(now) = heir.now else { continue };
        let name = heir.base.qualified();
        for label in &now.labels {
            if heir.base.labels.iter().any(|it| it.oid == label.oid) {
                continue;
            }
            let step = case.blame_type(heir.base.oid, |it| {
                it.labels.iter().any(|it| it.oid == label.oid)
            });
            let title = format!("enum {name} gets the label {}", literal(&label.label));
            hits.push(Hit::new(step, &name, title));
        }
    }
    hits
}
