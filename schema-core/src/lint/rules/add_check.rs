//! A check is made on every row while the table is locked.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A check is made on every row while the table is locked.
pub(super) const RULE: Rule = Rule {
    code: "B005",
    name: "add-check-validating",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a check is made on every row while the table is locked",
    why: "ADD CHECK holds an ACCESS EXCLUSIVE lock while it reads the whole table: every query \
          of it waits. A check that comes with a new column reads it too, although all values \
          are NULL.",
    instead: "Add it NOT VALID, which checks new rows only, and validate it in a later \
              transaction: VALIDATE CONSTRAINT takes a SHARE UPDATE EXCLUSIVE lock, under which \
              everybody reads and writes.\n\
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
        Cause::Check(check) => Some(format!(
            "check {} is made on every row of table {} under a {} lock",
            check.name, work.table, work.level
        )),
        _ => None,
    })
}
