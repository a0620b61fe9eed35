//! A label of an enum is gone.

use crate::diagnostic::Severity;
use crate::ident::literal;
use crate::observe::Label;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A label of an enum is gone.
pub(super) const RULE: Rule = Rule {
    code: "N023",
    name: "enum-remove-value",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a label of an enum is gone",
    why: "Statements of the previous release that write or compare the label fail with SQLSTATE \
          22P02 (invalid_text_representation).",
    instead: "Keep the label, and stop to use it in the app; PostgreSQL cannot remove one, and a \
              label that nobody writes does no harm. If it has to be refused, do it by a check \
              one release later.\n\n\
              ```sql\n\
              -- release N+1\n\
              ALTER TABLE orders ADD CONSTRAINT orders_status_not_void CHECK (status <> 'void') NOT VALID;\n\
              ALTER TABLE orders VALIDATE CONSTRAINT orders_status_not_void;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for heir in case.types() {
        let (base, name) = (heir.base, heir.base.qualified());
        let Some(named) = heir.named else { continue };
        let again = named.oid != base.oid;
        let gone = base.labels.iter().filter(|label| {
            let same = |it: &&Label| {
                if again {
                    it.label == label.label
                } else {
                    it.oid == label.oid
                }
            };
            !named.labels.iter().any(|it| same(&it))
        });
        for label in gone {
            let step = case.made_anew(&heir);
            let title = format!(
                "enum {name} has no label {} any more",
                literal(&label.label)
            );
            hits.push(Hit::new(step, &name, title));
        }
    }
    hits
}
