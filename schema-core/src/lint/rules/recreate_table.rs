//! A table is dropped and made again: its rows are gone.

use crate::diagnostic::Severity;
use crate::lint::drops::dropped_with_rows;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table is dropped and made again: its rows are gone.
pub(super) const RULE: Rule = Rule {
    code: "L006",
    name: "recreate-table",
    topic: Topic::DataLoss,
    severity: Severity::Error,
    title: "a table is dropped and made again: its rows are gone",
    why: "The schema is the same afterwards, so no comparison of schemas shows it; all rows \
          are lost, and so are privileges, triggers and policies that the new table does not \
          repeat.",
    instead: "Change the table that is there, or move its rows over before the old one goes.\n\
              \n\
              ```sql\n\
              ALTER TABLE settings ADD COLUMN scope text;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, it) in dropped_with_rows(steps).filter(|(_, it)| it.again) {
        let title = format!(
            "table {} is dropped and made again: its rows are gone",
            it.table
        );
        hits.push(Hit::new(Some(place), &it.table, title));
    }
    hits
}
