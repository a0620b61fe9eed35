//! Another column bears the name that the previous release knows.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// Another column bears the name that the previous release knows.
pub(super) const RULE: Rule = Rule {
    code: "N048",
    name: "column-reuse",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "another column bears the name that the previous release knows",
    why: "Everything of the previous release still runs, and reads and writes other values: the \
          structure is the same, so no statement and no comparison of schemas tells.",
    instead: "Give the new column a name that no release has used for something else, and drop \
              the old one one release later.\n\n\
              ```sql\n\
              ALTER TABLE users ADD COLUMN nickname_v2 text;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for reuse in case.reused_columns().filter(|it| !it.becomes_generated()) {
        let (table, name) = (reuse.base.qualified(), &reuse.old.name);
        let title = format!("column {name} of table {table} is another column now");
        let note = match reuse.now.column(reuse.old.number) {
            Some(column) => format!("the old one is called {} now", column.name),
            None => "the old one is dropped, with its values".into(),
        };
        hits.push(Hit::new(reuse.step, &table, title).note(note));
    }
    hits
}
