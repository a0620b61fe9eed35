//! A table stays locked while rows of another are read or written.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, works};
use crate::lint::writes::blocked_by;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table stays locked while rows of another are read or written.
pub(super) const RULE: Rule = Rule {
    code: "B026",
    name: "work-behind-lock",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a table stays locked while rows of another are read or written",
    why: "A lock is held to the end of the transaction. A statement that locks a table for a \
          moment only, and one that reads or writes every row of another table behind it, lock \
          the first for as long as the second takes.",
    instead: "Put them into files of their own, the long one outside of a transaction or first.\n\
              \n\
              ```sql\n\
              -- first file\n\
              ALTER TABLE users ADD COLUMN plan text;\n\
              -- second file\n\
              UPDATE plans SET price = price + 1 WHERE price < 10;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        if let Some((locked, level, busy)) = blocked_by(steps, place) {
            let written = step.effects.rows.iter().any(|it| it.table == *busy);
            let does = if written { "written" } else { "read" };
            let title = format!(
                "table {locked} stays locked ({level}) while rows of table {} are {does}",
                busy.name
            );
            hits.push(Hit::new(Some(place), &locked, title));
        }
    }
    let queries = works(steps)
        .into_iter()
        .filter(|it| matches!(it.cause, Cause::Query));
    hits.extend(queries.map(|work| {
        let (table, level) = (&work.table, work.level);
        work.hit(format!(
            "table {table} stays locked ({level}) while its rows are read"
        ))
    }));
    hits
}
