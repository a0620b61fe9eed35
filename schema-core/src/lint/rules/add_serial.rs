//! A table is written anew because a new column takes numbers of a sequence.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table is written anew because a new column takes numbers of a sequence.
pub(super) const RULE: Rule = Rule {
    code: "B012",
    name: "add-serial-rewrite",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a table is written anew because a new column takes numbers of a sequence",
    why: "ADD COLUMN as serial or identity gives every row a number: it writes the whole table \
          and all of its indexes anew under an ACCESS EXCLUSIVE lock.",
    instead: "Add a plain column, number new rows by a default, fill the old ones in batches, and \
              make it an identity when all have a number.\n\
              \n\
              ```sql\n\
              -- first file\n\
              ALTER TABLE events ADD COLUMN number bigint;\n\
              CREATE SEQUENCE events_number_seq OWNED BY events.number;\n\
              ALTER TABLE events ALTER COLUMN number SET DEFAULT nextval('events_number_seq');\n\
              -- second file: in batches, outside of a transaction\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Serial(column) => Some(format!(
            "table {} is written anew because new column {} takes numbers of a sequence",
            work.table, column.name
        )),
        _ => None,
    })
}
