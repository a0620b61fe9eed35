//! An index is built while every write to its table waits.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// An index is built while every write to its table waits.
pub(super) const RULE: Rule = Rule {
    code: "B001",
    name: "create-index",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "an index is built while every write to its table waits",
    why: "CREATE INDEX holds a SHARE lock on the table until the build is done: INSERT, UPDATE \
          and DELETE wait, and what queues behind them waits too. The build reads the whole \
          table. On a partitioned table it does so for each partition, and holds all of the \
          locks to the end.",
    instead: "Build it concurrently, in a file of its own, outside of a transaction. On a \
              partitioned table, build it so on each partition, make it on the parent with ON \
              ONLY, and attach them.\n\
              \n\
              ```sql\n\
              -- atlas:txmode none\n\
              DROP INDEX CONCURRENTLY IF EXISTS orders_customer_id_idx;\n\
              CREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Index(index) => Some(format!(
            "index {} is built under a {} lock on table {}",
            index.name.name, work.level, work.table
        )),
        _ => None,
    })
}
