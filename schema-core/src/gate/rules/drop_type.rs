//! A type that the previous release may use is dropped.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A type that the previous release may use is dropped.
pub(super) const RULE: Rule = Rule {
    code: "N044",
    name: "drop-type",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a type that the previous release may use is dropped",
    why: "Statements of the previous release that name the type fail with SQLSTATE 42704 \
          (undefined_object), and drivers that look it up when they bind do too. CASCADE drops \
          every column of the type, with its values.",
    instead: "Stop to use the type first, and drop it one release later, without CASCADE.\n\n\
              ```sql\n\
              -- release N+1\n\
              DROP TYPE order_status;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for heir in case.types() {
        let base = heir.base;
        if heir.now.is_some() || heir.named.is_some() || case.went_along(class::TYPE, base.oid, 0) {
            continue;
        }
        let name = base.qualified();
        let step = case.dropped_by(class::TYPE, base.oid, 0);
        let title = format!("type {name} is dropped");
        hits.push(Hit::new(step, &name, title).notes(case.also_dropped(step)));
    }
    hits
}
