//! A file that says that it holds mock data writes rows.

use crate::diagnostic::Severity;
use crate::directory::mock_word;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A file that says that it holds mock data writes rows.
pub(super) const RULE: Rule = Rule {
    code: "C019",
    name: "mock-data",
    topic: Topic::Convention,
    severity: Severity::Error,
    title: "mock data is written by a migration",
    why: "A migration runs on every database, production first, and what it wrote there is hard to \
          tell from real rows later. The name of the file says `mock`, `fixture`, `test_data` or \
          the like, and a statement of it inserts rows.",
    instead: "Give tests a database of their own from `schema_core::testing`, and write their rows \
              there. Rows that production needs are configuration: declare them beside the struct.\n\
              \n\
              ```rust\n\
              #[table(rows = [{ code: \"free\", monthly: 0 }])]\n\
              pub struct Plan {\n\
              \x20   #[column(primary_key)]\n\
              \x20   pub code: String,\n\
              \x20   pub monthly: i32,\n\
              }\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let file = &steps.files[step.file];
        let Some(word) = mock_word(&file.description) else {
            continue;
        };
        for rows in step.effects.rows.iter().filter(|rows| rows.inserted > 0) {
            let table = &rows.table.name;
            let title = format!("rows are inserted into {table} by a file named `{word}`");
            hits.push(Hit::new(Some(place), table, title));
        }
    }
    hits
}
