//! An index is built again because its column changes.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// An index is built again because its column changes.
pub(super) const RULE: Rule = Rule {
    code: "B017",
    name: "index-rebuild",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "an index is built again because its column changes",
    why: "Another collation or operator class changes the order of an index. PostgreSQL builds \
          it again under the ACCESS EXCLUSIVE lock of ALTER TABLE, although the table itself \
          is not written.",
    instead: "Build an index with the new collation concurrently and let queries name the \
              collation; or add a column with it, keep both in step and move over.\n\
              \n\
              ```sql\n\
              -- atlas:txmode none\n\
              CREATE INDEX CONCURRENTLY users_name_c_idx ON users (name COLLATE \"C\");\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::IndexOfColumn(index) => Some(format!(
            "index {} is built again under a {} lock on table {}, because its column changes",
            index.name, work.level, work.table
        )),
        _ => None,
    })
}
