//! A constraint is validated in the transaction that locks the table.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A constraint is validated in the transaction that locks the table.
pub(super) const RULE: Rule = Rule {
    code: "B025",
    name: "validate-under-lock",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a constraint is validated in the transaction that locks the table",
    why: "VALIDATE CONSTRAINT itself lets others read and write. In one transaction with ADD \
          CONSTRAINT, or with anything else that locks the table, the stronger lock is held \
          while every row is read: NOT VALID is then of no use.",
    instead: "Validate in a file of its own, which is another transaction.\n\
              \n\
              ```sql\n\
              -- first file\n\
              ALTER TABLE users ADD CONSTRAINT users_age_check CHECK (age >= 0) NOT VALID;\n\
              -- second file\n\
              ALTER TABLE users VALIDATE CONSTRAINT users_age_check;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Validate(constraint) => Some(format!(
            "constraint {} is validated while its transaction holds a {} lock on table {}",
            constraint.name, work.level, work.table
        )),
        _ => None,
    })
}
