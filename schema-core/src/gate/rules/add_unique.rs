//! A new unique key refuses what the previous release may write.

use std::collections::BTreeSet;

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A new unique key refuses what the previous release may write.
pub(super) const RULE: Rule = Rule {
    code: "N012",
    name: "add-unique",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a new unique key refuses what the previous release may write",
    why: "The second row of the previous release with the same values fails with SQLSTATE 23505 \
          (unique_violation). It makes no difference whether it is a constraint or an index, or \
          how it was built.",
    instead: "Let the app look for duplicates first, clear those that are there, and make the \
              key one release later.\n\n\
              ```sql\n\
              -- release N+1, in a file of its own\n\
              -- atlas:txmode none\n\
              DROP INDEX CONCURRENTLY IF EXISTS users_name_key;\n\
              CREATE UNIQUE INDEX CONCURRENTLY users_name_key ON users (name);\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now) in case.living_tables() {
        let name = base.qualified();
        let mut seen = BTreeSet::new();
        for index in now.indexes.iter().filter(|it| it.unique && it.valid) {
            let columns = || index.columns.iter().filter_map(|key| now.column(*key));
            let reaches_old = columns().all(|column| case.is_written_by_old(base, column));
            let held_before = base.indexes.iter().any(|it| it.is_as_strict_as(index));
            if !reaches_old || held_before || !seen.insert(index.key()) {
                continue;
            }
            let oid = index.oid;
            let step = case.blame_relation(base.oid, |it| {
                it.indexes.iter().any(|it| it.oid == oid && it.valid)
            });
            let keys = index.keys.join(", ");
            let title = format!("table {name} gets the unique key {} ({keys})", index.name);
            hits.push(Hit::new(step, &name, title));
        }
    }
    hits
}
