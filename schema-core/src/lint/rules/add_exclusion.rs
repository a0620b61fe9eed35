//! The index of an exclusion constraint is built while the table is locked.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// The index of an exclusion constraint is built while the table is locked.
pub(super) const RULE: Rule = Rule {
    code: "B009",
    name: "add-exclusion-build",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "the index of an exclusion constraint is built while the table is locked",
    why: "ADD EXCLUDE holds an ACCESS EXCLUSIVE lock while it builds the index. It can be \
          neither NOT VALID nor made from an index that is there.",
    instead: "There is no way to add it online: make a new table that has it and move the rows, or \
              add it in a maintenance window and say so with a nolint.\n\
              \n\
              ```sql\n\
              -- migrate:nolint B009 announced for Sunday, 04:00\n\
              ALTER TABLE bookings ADD CONSTRAINT bookings_room_excl EXCLUDE USING gist (room WITH \
              =, during WITH &&);\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Exclusion(constraint) => Some(format!(
            "the index of exclusion constraint {} is built under a {} lock on table {}",
            constraint.name, work.level, work.table
        )),
        _ => None,
    })
}
