//! Every table of a domain is read while it is locked.

use crate::ddl::LockLevel;
use crate::diagnostic::Severity;
use crate::lint::work::{Cause, Work, works};
use crate::observe::DomainCheck;
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
    instead: "Add the constraint NOT VALID, and validate it in a file of its own; that still \
              reads the tables under SHARE locks (before PostgreSQL 18), but can be timed, and \
              nothing else waits for it; it is a warning then. For a large table, put a check on \
              the column instead.\n\
              \n\
              ```sql\n\
              -- first file\n\
              ALTER DOMAIN email ADD CONSTRAINT email_short CHECK (length(VALUE) < 255) NOT VALID;\n\
              -- second file\n\
              ALTER DOMAIN email VALIDATE CONSTRAINT email_short;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let works = works(steps);
    let domains = works
        .iter()
        .filter(|work| matches!(work.cause, Cause::Domains));
    let hit = |work: &Work<'_>| {
        let hit = work.hit(format!(
            "every row of table {} is read under a {} lock, because its domain gets a constraint",
            work.table, work.level
        ));
        if is_validation_alone(steps, work) {
            hit.warning()
        } else {
            hit
        }
    };
    domains.map(hit).collect()
}

/// Whether a constraint that was there is validated, and nothing before it in its transaction
/// keeps others waiting meanwhile.
fn is_validation_alone(steps: &Steps<'_>, work: &Work<'_>) -> bool {
    let effects = &steps.steps[work.step].effects;
    let was_there = |check: &DomainCheck| {
        let mut before = effects.before.types.values().flat_map(|it| &it.checks);
        before.any(|it| it.oid == check.oid && !it.validated)
    };
    let mut checks = effects.facts.types.values().flat_map(|it| &it.checks);
    let validates = checks.any(|it| it.validated && was_there(it));
    let transaction = steps.transaction(work.step);
    let mut earlier = transaction[..transaction.len() - 1].iter();
    let locks = earlier.any(|it| {
        it.effects
            .locks
            .iter()
            .any(|lock| lock.level >= LockLevel::Share)
    });
    validates && !locks && work.level <= LockLevel::Share
}
