//! Every row is read for NULL while the table is locked.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// Every row is read for NULL while the table is locked.
pub(super) const RULE: Rule = Rule {
    code: "B006",
    name: "set-not-null-scan",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "every row is read for NULL while the table is locked",
    why: "SET NOT NULL holds an ACCESS EXCLUSIVE lock while it reads the whole table, unless a \
          validated check proves that no row has NULL there.",
    instead: "Prove it by a check first: with a validated `CHECK (column IS NOT NULL)`, SET NOT \
              NULL reads nothing. Drop the check afterwards.\n\
              \n\
              ```sql\n\
              -- first file\n\
              ALTER TABLE users ADD CONSTRAINT users_nickname_not_null CHECK (nickname IS NOT \
              NULL) NOT VALID;\n\
              -- second file\n\
              ALTER TABLE users VALIDATE CONSTRAINT users_nickname_not_null;\n\
              -- third file\n\
              ALTER TABLE users ALTER COLUMN nickname SET NOT NULL;\n\
              ALTER TABLE users DROP CONSTRAINT users_nickname_not_null;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::NotNull(column) => Some(format!(
            "every row of table {} is read under a {} lock, to see that column {} is not NULL",
            work.table, work.level, column.name
        )),
        _ => None,
    })
}
