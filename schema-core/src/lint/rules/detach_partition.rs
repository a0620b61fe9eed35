//! A partition is detached while every query of its parent waits.

use crate::diagnostic::Severity;
use crate::observe::Effects;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A partition is detached while every query of its parent waits.
pub(super) const RULE: Rule = Rule {
    code: "B022",
    name: "detach-partition-lock",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a partition is detached while every query of its parent waits",
    why: "DETACH PARTITION takes ACCESS EXCLUSIVE locks on the parent and on the partition. \
          They are short, but wait for the longest query that runs, and all later queries \
          queue behind them.",
    instead: "Detach it concurrently, in a file of its own, outside of a transaction. That needs \
              PostgreSQL 14, and does not work beside a DEFAULT partition.\n\
              \n\
              ```sql\n\
              -- atlas:txmode none\n\
              ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let Effects { before, facts, .. } = &step.effects;
        for after in facts.relations.values().filter(|_| step.in_transaction) {
            let Some(earlier) = before.relations.get(&after.oid) else {
                continue;
            };
            let was_partition = earlier.partition_bound.is_some();
            if was_partition && after.partition_bound.is_none() {
                let name = earlier.qualified();
                let title = format!("partition {name} is detached while its parent is locked");
                hits.push(Hit::new(Some(place), &name, title));
            }
        }
    }
    hits
}
