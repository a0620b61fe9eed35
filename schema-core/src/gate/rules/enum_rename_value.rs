//! A label of an enum is renamed.

use crate::diagnostic::Severity;
use crate::ident::literal;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A label of an enum is renamed.
pub(super) const RULE: Rule = Rule {
    code: "N024",
    name: "enum-rename-value",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a label of an enum is renamed",
    why: "Statements of the previous release that write or compare the old label fail with \
          SQLSTATE 22P02 (invalid_text_representation), as literals and as parameters, and its \
          decoder does not know the new one. The rename itself takes no lock on tables and reads \
          none.",
    instead: "Add the new label, write it in the next release, and change the rows after that.\n\n\
              ```sql\n\
              -- release N\n\
              ALTER TYPE order_status ADD VALUE 'cancelled';\n\
              -- release N+1 writes it, then\n\
              UPDATE orders SET status = 'cancelled' WHERE status = 'void';\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for heir in case.types() {
        let Some(now) = heir.now else { continue };
        let name = heir.base.qualified();
        for old in &heir.base.labels {
            let Some(new) = now
                .labels
                .iter()
                .find(|it| it.oid == old.oid && it.label != old.label)
            else {
                continue;
            };
            let (from, to) = (literal(&old.label), literal(&new.label));
            let step = case.blame_type(heir.base.oid, |it| {
                let mut labels = it.labels.iter();
                labels
                    .find(|it| it.oid == old.oid)
                    .map(|it| it.label.clone())
            });
            let title = format!("label {from} of enum {name} is renamed to {to}");
            hits.push(Hit::new(step, &name, title));
        }
    }
    hits
}
