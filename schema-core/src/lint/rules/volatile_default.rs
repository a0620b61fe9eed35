//! A table is written anew because a new column has a computed default.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table is written anew because a new column has a computed default.
pub(super) const RULE: Rule = Rule {
    code: "B010",
    name: "volatile-default",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a table is written anew because a new column has a computed default",
    why: "ADD COLUMN with a default that is not the same for all rows (`gen_random_uuid()`, \
          `clock_timestamp()`) writes the whole table and all of its indexes anew under an \
          ACCESS EXCLUSIVE lock. A constant, or `now()`, does not.",
    instead: "Add the column without a default, set the default for new rows, and fill the old \
              ones in batches.\n\
              \n\
              ```sql\n\
              -- first file\n\
              ALTER TABLE users ADD COLUMN token uuid;\n\
              ALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();\n\
              -- second file: in batches, outside of a transaction\n\
              -- third file, when no row lacks it: NOT NULL through a validated check\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::VolatileDefault(column) => Some(format!(
            "table {} is written anew because new column {} has a computed default",
            work.table, column.name
        )),
        _ => None,
    })
}
