//! A function that the previous release may call is dropped.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A function that the previous release may call is dropped.
pub(super) const RULE: Rule = Rule {
    code: "N030",
    name: "drop-function",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a function that the previous release may call is dropped",
    why: "Calls of the previous release fail with SQLSTATE 42883 (undefined_function); after a \
          change of the result's type drivers cannot decode it. CASCADE also drops triggers, \
          defaults and views that use it.",
    instead: "Make the new signature an overload beside the old one, and drop the old one one \
              release later.\n\n\
              ```sql\n\
              -- release N\n\
              CREATE FUNCTION initials(name text, length integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT left($1, $2) $$;\n\
              -- release N+1\n\
              DROP FUNCTION initials(text);\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for heir in case.routines() {
        let base = heir.base;
        if heir.now.is_some()
            || heir.named.is_some()
            || base.is_trigger
            || case.went_along(class::ROUTINE, base.oid, 0)
        {
            continue;
        }
        let step = case.dropped_by(class::ROUTINE, base.oid, 0);
        let title = format!("function {} is dropped", base.signature());
        hits.push(Hit::new(step, &base.qualified(), title).notes(case.also_dropped(step)));
    }
    hits
}
