//! A table or column is dropped with what is in it.

use crate::diagnostic::Severity;
use crate::lint::drops::dropped_with_rows;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table or column is dropped with what is in it.
pub(super) const RULE: Rule = Rule {
    code: "L010",
    name: "drop-with-data",
    topic: Topic::DataLoss,
    severity: Severity::Error,
    title: "a table or column is dropped with what is in it",
    why: "DROP TABLE and DROP COLUMN cannot be undone once they are committed. In a review \
          that asks for breaks of the previous release as well, N001 and N002 say it instead.",
    instead: "Keep a copy until nobody has asked for it for a while, and drop it in a release of \
              its own.\n\
              \n\
              ```sql\n\
              -- this release\n\
              ALTER TABLE users RENAME COLUMN nickname TO nickname_unused;\n\
              -- a later one\n\
              ALTER TABLE users DROP COLUMN nickname_unused;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, it) in dropped_with_rows(steps).filter(|(_, it)| !it.again) {
        let title = match &it.column {
            Some(column) => format!(
                "column {column} of table {} is dropped with its values",
                it.table
            ),
            None => format!("table {} is dropped with its rows", it.table),
        };
        hits.push(Hit::new(Some(place), &it.table, title));
    }
    hits
}
