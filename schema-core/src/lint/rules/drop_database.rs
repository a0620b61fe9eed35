//! A database is dropped.

use crate::diagnostic::Severity;
use crate::directory::words;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A database is dropped.
pub(super) const RULE: Rule = Rule {
    code: "L004",
    name: "drop-database",
    topic: Topic::DataLoss,
    severity: Severity::Error,
    title: "a database is dropped",
    why: "DROP DATABASE removes everything, at once, and cannot be undone.",
    instead: "Take it out: a migration changes the database that it runs on. Whoever has to drop \
              one does it by hand.\n\
              \n\
              ```sql\n\
              -- by hand\n\
              DROP DATABASE old_reports;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, file) in steps.files.iter().enumerate() {
        // It does not run inside a transaction, and the rehearsal has no database to lose.
        for statement in file.statements().unwrap_or_default() {
            let first: Vec<String> = words(statement.text).take(2).collect();
            if first == ["drop", "database"] {
                hits.push(Hit::at_line(
                    Some((place, statement.line)),
                    "a database is dropped",
                ));
            }
        }
    }
    hits
}
