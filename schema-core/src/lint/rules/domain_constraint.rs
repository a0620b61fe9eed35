//! Every table of a domain is read while it is locked.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// Every table of a domain is read while it is locked.
pub(super) const RULE: Rule = Rule {
    code: "B037",
    name: "domain-constraint",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "every table of a domain is read while it is locked",
    why: "ALTER DOMAIN … ADD CONSTRAINT and SET NOT NULL read every table that has a column of \
          the domain, under SHARE locks on all of them: writing waits.",
    instead: "Add the constraint NOT VALID, and validate it in a later transaction; that still \
              reads the tables under SHARE locks, but fails nothing and can be timed. For a large \
              table, put a check on the column instead.\n\
              \n\
              ```sql\n\
              ALTER DOMAIN email ADD CONSTRAINT email_short CHECK (length(VALUE) < 255) NOT VALID;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Domains => Some(format!(
            "every row of table {} is read under a {} lock, because its domain gets a constraint",
            work.table, work.level
        )),
        _ => None,
    })
}
