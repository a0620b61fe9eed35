//! A foreign key is checked against every row while two tables are locked.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A foreign key is checked against every row while two tables are locked.
pub(super) const RULE: Rule = Rule {
    code: "B004",
    name: "add-fk-validating",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a foreign key is checked against every row while two tables are locked",
    why: "ADD FOREIGN KEY holds a SHARE ROW EXCLUSIVE lock on both tables while it looks every \
          row up: writes to either of them wait until it is done.",
    instead: "Add it NOT VALID, which checks new rows only, and validate it in a later \
              transaction, which lets everybody read and write.\n\
              \n\
              ```sql\n\
              -- first file\n\
              ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) \
              REFERENCES users (id) NOT VALID;\n\
              -- second file\n\
              ALTER TABLE orders VALIDATE CONSTRAINT orders_user_id_fkey;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::ForeignKey(key) => Some(format!(
            "foreign key {} is checked for every row of table {} under a {} lock",
            key.name, work.table, work.level
        )),
        _ => None,
    })
}
