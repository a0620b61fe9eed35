//! An index that is built while writing waits.

use crate::ddl::LockLevel;
use crate::diagnostic::Severity;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// An index that is built while writing waits.
pub(super) const RULE: Rule = Rule {
    code: "B001",
    name: "create-index",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "an index is built while every write to its table waits",
    why: "CREATE INDEX holds a SHARE lock on the table until the build is done: INSERT, UPDATE and \
          DELETE wait, and what queues behind them waits too. The build reads the whole table.",
    instead: "Build it concurrently, in a file of its own, outside of a transaction:\n\n\
              ```sql\n\
              -- atlas:txmode none\n\
              DROP INDEX CONCURRENTLY IF EXISTS orders_customer_id_idx;\n\
              CREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        for index in &step.effects.built {
            if index.level < LockLevel::Share {
                continue;
            }
            let (name, table) = (&index.name.name, &index.table.name);
            let title = format!(
                "index {name} is built under a {} lock on table {table}",
                index.level
            );
            hits.push(Hit::new(Some(place), table, title));
        }
    }
    hits
}
