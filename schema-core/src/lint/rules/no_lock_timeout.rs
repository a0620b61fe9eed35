//! A lock is waited for without a limit.

use crate::ddl::LockLevel;
use crate::diagnostic::Severity;
use crate::lint::writes::strong_locks;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A lock is waited for without a limit.
pub(super) const RULE: Rule = Rule {
    code: "B031",
    name: "no-lock-timeout",
    topic: Topic::Blocking,
    severity: Severity::Warning,
    title: "a lock is waited for without a limit",
    why: "A statement that needs a strong lock waits for every query that uses the table, and \
          all later queries wait behind it: one long query is enough to stop the app. With \
          `lock_timeout` it gives up with SQLSTATE 55P03 (lock_not_available) and can be tried \
          again.",
    instead: "Set a lock timeout at the head of the file; `cargo migrate apply` sets one by itself \
              and tries again, other runners do not.\n\
              \n\
              ```sql\n\
              SET LOCAL lock_timeout = '2s';\n\
              ALTER TABLE users ADD COLUMN plan text;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut told = None;
    for (place, step) in steps.steps.iter().enumerate() {
        if step.lock_timeout || told == Some(step.file) {
            continue;
        }
        if let Some(table) = strong_locks(step, LockLevel::Share).next() {
            told = Some(step.file);
            let title = format!("a lock on table {table} is waited for without a limit");
            hits.push(Hit::new(Some(place), &table, title));
        }
    }
    hits
}
