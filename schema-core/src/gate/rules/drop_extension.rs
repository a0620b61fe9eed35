//! An extension that the previous release may use is dropped or changed.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// An extension that the previous release may use is dropped or changed.
pub(super) const RULE: Rule = Rule {
    code: "N045",
    name: "drop-extension",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "an extension that the previous release may use is dropped or changed",
    why: "Its functions, types and operator classes go: SQLSTATE 42883 (undefined_function), \
          42704 (undefined_object). CASCADE drops columns and indexes that use them. An update \
          may change any of them.",
    instead: "Stop to use the extension first, and drop it one release later, without CASCADE.\n\n\
              ```sql\n\
              -- release N+1\n\
              DROP EXTENSION citext;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (step, it) in case.dropped() {
        if it.class == class::EXTENSION && it.is_old {
            let title = format!("extension {} is dropped", it.identity);
            hits.push(Hit::at_step(Some(step), title).notes(case.also_dropped(Some(step))));
        }
    }
    for (step, it) in case.commands() {
        if it.class == class::EXTENSION && it.is_old && it.tag == "ALTER EXTENSION" {
            let title = format!("extension {} is changed", it.identity);
            hits.push(Hit::at_step(Some(step), title).warning());
        }
    }
    hits
}
