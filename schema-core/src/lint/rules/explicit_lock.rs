//! LOCK TABLE keeps the app out of a table.

use crate::ddl::LockLevel;
use crate::diagnostic::Severity;
use crate::directory::words;
use crate::lint::writes::strong_locks;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// LOCK TABLE keeps the app out of a table.
pub(super) const RULE: Rule = Rule {
    code: "B030",
    name: "lock-table",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "LOCK TABLE keeps the app out of a table",
    why: "LOCK TABLE holds its lock to the end of the transaction: from SHARE on, nobody \
          writes the table meanwhile; under ACCESS EXCLUSIVE nobody reads it either.",
    instead: "Leave it to each statement to take the lock that it needs, with a lock timeout; to \
              keep two migrations apart, use an advisory lock.\n\
              \n\
              ```sql\n\
              SELECT pg_advisory_xact_lock(hashtext('move orders'));\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let effects = &step.effects;
        let did_more = !effects.commands.is_empty()
            || !effects.dropped.is_empty()
            || !effects.truncated.is_empty()
            || !effects.rewritten.is_empty()
            || !effects.reindexed.is_empty();
        // Only the text tells the intention; that a table was locked is observed.
        if did_more || !words(steps.text(step)).any(|word| word == "lock") {
            continue;
        }
        if let Some(table) = strong_locks(step, LockLevel::Share).next() {
            let level = effects
                .strongest_lock()
                .map_or(LockLevel::Share, |it| it.level);
            let title = format!("LOCK TABLE holds a {level} lock on table {table}");
            hits.push(Hit::new(Some(place), &table, title));
        }
    }
    hits
}
