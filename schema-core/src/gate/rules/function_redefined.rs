//! A function does something else for the previous release.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A function does something else for the previous release.
pub(super) const RULE: Rule = Rule {
    code: "N031",
    name: "function-redefined",
    topic: Topic::PreviousRelease,
    severity: Severity::Warning,
    title: "a function does something else for the previous release",
    why: "Calls of the previous release, and triggers on what it writes, silently do something \
          else. What a function does cannot be read off the catalog.",
    instead: "Make the new function under a new name, if it does not do the same for old \
              callers.\n\n\
              ```sql\n\
              CREATE FUNCTION initials_v2(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(left($1, 1)) $$;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for heir in case.routines() {
        let (base, Some(now)) = (heir.base, heir.now.or(heir.named)) else {
            continue;
        };
        if (&now.body, &now.traits) == (&base.body, &base.traits) {
            continue;
        }
        let step = case.commanded(class::ROUTINE, now.oid);
        let title = format!("function {} is redefined", base.signature());
        hits.push(Hit::new(step, &base.qualified(), title));
    }
    hits
}
