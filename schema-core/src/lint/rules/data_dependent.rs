//! A statement fails where rows are as they may be.

use crate::diagnostic::Severity;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A statement fails where rows are as they may be.
pub(super) const RULE: Rule = Rule {
    code: "T040",
    name: "depends-on-data",
    topic: Topic::Running,
    severity: Severity::Warning,
    title: "a statement fails where rows are as they may be",
    why: "The rows of the rehearsal satisfy everything that the base asks for, and PostgreSQL \
          refused some of them. Whether production has such rows cannot be seen from here: if \
          it has, the migration fails there.",
    instead: "Ask production first, and mend the rows in a file before this one.\n\
              \n\
              ```sql\n\
              SELECT count(*) FROM users WHERE nickname IS NULL;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let Some(error) = &step.refused_rows else {
            continue;
        };
        let mut hit = Hit::at_step(
            Some(place),
            format!("depends on the rows that are there: {error}"),
        );
        hit.notes.extend(error.detail.clone());
        hits.push(hit);
    }
    hits
}
