//! A table is written anew because a column gets or loses its time zone.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table is written anew because a column gets or loses its time zone.
pub(super) const RULE: Rule = Rule {
    code: "B016",
    name: "time-zone",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a table is written anew because a column gets or loses its time zone",
    why: "Between `timestamp` and `timestamptz` every value is converted by the session's time \
          zone: the whole table and all of its indexes are written anew under an ACCESS \
          EXCLUSIVE lock. Only where TimeZone is UTC nothing is written, which is why a server \
          in UTC does not show it; the rehearsal uses another zone. Values mean another moment \
          if the zone is not the one in which they were written.",
    instead: "Convert in a session that says its zone is UTC, if that is what the values mean; \
              PostgreSQL then only changes the catalog. Otherwise add a column of the new type, \
              keep both in step by a trigger and fill it in batches.\n\
              \n\
              ```sql\n\
              SET LOCAL TimeZone = 'UTC';\n\
              ALTER TABLE orders ALTER COLUMN placed_at TYPE timestamptz;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::TimeZone(before, after) => Some(format!(
            "table {} is written anew because column {} becomes {} instead of {}",
            work.table, after.name, after.data_type, before.data_type
        )),
        _ => None,
    })
}
