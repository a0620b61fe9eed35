//! A partition is read in full while it is locked.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A partition is read in full while it is locked.
pub(super) const RULE: Rule = Rule {
    code: "B021",
    name: "attach-partition-scan",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a partition is read in full while it is locked",
    why: "ATTACH PARTITION reads the whole table under an ACCESS EXCLUSIVE lock, unless a \
          validated check proves that its rows are within the bounds. Where there is a DEFAULT \
          partition, it is locked and read as well, also by CREATE TABLE … PARTITION OF, \
          unless a check on it excludes the new bounds. A missing index is built on the \
          partition under the same lock.",
    instead: "Prove the bounds by checks that are validated before, and build the indexes \
              concurrently first.\n\
              \n\
              ```sql\n\
              -- first file\n\
              ALTER TABLE events_old ADD CONSTRAINT events_old_bounds CHECK (day >= '2024-01-01' \
              AND day < '2025-01-01' AND day IS NOT NULL) NOT VALID;\n\
              -- second file\n\
              ALTER TABLE events_old VALIDATE CONSTRAINT events_old_bounds;\n\
              -- third file\n\
              ALTER TABLE events ATTACH PARTITION events_old FOR VALUES FROM ('2024-01-01') TO \
              ('2025-01-01');\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Attach => Some(format!(
            "every row of {} is read under a {} lock, because a partition comes",
            work.table, work.level
        )),
        _ => None,
    })
}
